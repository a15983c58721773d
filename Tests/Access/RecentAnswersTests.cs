using ClusterGrains.Access;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Access;

public sealed class RecentAnswersTests
{
    private readonly FakeTimeProvider _time = new();
    private int _asked;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_good_for_its_time_and_then_asked_for_again()
    {
        var answers = Answers();

        Assert.Equal(1, await Ask(answers, "a"));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, await Ask(answers, "a"));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(2, await Ask(answers, "a"));
    }

    [Fact]
    public async Task However_many_wait_a_question_is_on_its_way_once()
    {
        var answers = Answers();
        var gate = new TaskCompletionSource();

        var waiting = Enumerable.Range(0, 100).Select(_ => answers.Get("a", Slow, Cancellation)).ToArray();
        gate.SetResult();

        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(1, answer));

        async Task<int> Slow()
        {
            await gate.Task;
            return Interlocked.Increment(ref _asked);
        }
    }

    [Fact]
    public async Task Who_leaves_takes_the_answer_from_nobody()
    {
        var answers = Answers();
        var gate = new TaskCompletionSource<int>();
        using var gone = new CancellationTokenSource();

        var first = answers.Get("a", () => gate.Task, gone.Token);
        var second = answers.Get("a", () => Task.FromException<int>(new InvalidOperationException("asked twice")), Cancellation);
        await gone.CancelAsync();
        gate.SetResult(7);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(7, await second);
    }

    [Fact]
    public async Task A_failure_is_not_remembered()
    {
        var answers = Answers();

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => answers.Get("a", () => Task.FromException<int>(new InvalidOperationException()), Cancellation));

        Assert.Equal(1, await Ask(answers, "a"));
    }

    [Fact]
    public async Task Only_so_many_answers_are_kept()
    {
        var answers = Answers(capacity: 2);
        foreach (var key in (string[])["a", "b", "c"])
        {
            await Ask(answers, key);
        }

        Assert.Equal(3, await Ask(answers, "c"));
        Assert.Equal(2, await Ask(answers, "b"));
        Assert.Equal(4, await Ask(answers, "a"));
    }

    private RecentAnswers<int> Answers(int capacity = 10) => new(capacity, _ => TimeSpan.FromSeconds(10), _time);

    private Task<int> Ask(RecentAnswers<int> answers, string key) =>
        answers.Get(key, () => Task.FromResult(Interlocked.Increment(ref _asked)), Cancellation);
}
