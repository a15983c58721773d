using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Resources;

public sealed class RunAdmissionTests
{
    [Fact]
    public async Task No_more_runs_than_the_limit_are_let_in_and_each_that_leaves_lets_in_one()
    {
        using var admission = new RunAdmission(2);
        var first = await admission.Enter(Cancellation);
        await admission.Enter(Cancellation);

        var third = admission.Enter(Cancellation);
        var fourth = admission.Enter(Cancellation);
        Assert.False(third.IsCompleted);
        first.Dispose();
        first.Dispose();

        await third;
        Assert.False(fourth.IsCompleted);
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_place()
    {
        using var admission = new RunAdmission(1);
        var first = await admission.Enter(Cancellation);
        using var patience = new CancellationTokenSource();
        var gaveUp = admission.Enter(patience.Token);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gaveUp);
        first.Dispose();

        await admission.Enter(Cancellation);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
