namespace ClusterGrains.Tests.Processes;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task A_child_runs_its_verb_with_its_arguments_and_ends_when_asked()
    {
        await using var child = ChildProcess.Start("echo", "a b", "c");

        Assert.Equal("a b", await child.ReadLine(TestContext.Current.CancellationToken));
        Assert.Equal("c", await child.ReadLine(TestContext.Current.CancellationToken));
        Assert.Equal(7, await child.Stop(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_killed_child_is_gone_when_Kill_returns()
    {
        await using var child = ChildProcess.Start("echo", "alive");
        await child.ReadLine(TestContext.Current.CancellationToken);

        await child.Kill(TestContext.Current.CancellationToken);

        Assert.Null(await child.ReadLine(TestContext.Current.CancellationToken));
    }

    /// <summary>Prints its arguments and waits until it is asked to end.</summary>
    internal static async Task<int> Echo(string[] args, CancellationToken cancellationToken)
    {
        foreach (var arg in args)
        {
            Console.WriteLine(arg);
        }

        var ended = new TaskCompletionSource();
        using var registration = cancellationToken.Register(ended.SetResult);
        await ended.Task;
        return 7;
    }
}
