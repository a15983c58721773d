using System.Buffers;
using System.Text;
using ClusterGrains.Datasets;
using ClusterGrains.Datasets.Loading;

namespace ClusterGrains.Tests.Datasets.Loading;

/// <summary>Where a load ends early, and what it never exceeds.</summary>
public sealed class LoadLimitTests
{
    [Fact]
    public async Task One_document_more_than_may_be_rejected_ends_the_load_with_all_that_were_met()
    {
        var index = new BulkIndex();
        var trial = Trial(index, maxRejected: 2, "{}\n{}\nno\n{}\nno\n", "no\n", Documents(0, 50_000));

        var end = await trial.Run();

        Assert.Equal(LoadResult.TooManyRejected, end.Result);
        Assert.Contains("part-0, line 3: invalid_json. The rejected records", end.Reason, StringComparison.Ordinal);
        Assert.Equal([("part-0", 3), ("part-0", 5), ("part-1", 1)], trial.Rejected.Select(one => (one.File, (int)one.Line)));
        Assert.Equal(3, end.Counts.Rejected);
        Assert.Equal((end.Position, end.Counts.Acked), (trial.Told[^1].Position, index.Documents.Count));
        Assert.True(end.Counts.Lines < 50_000);
    }

    [Fact]
    public async Task Exactly_as_many_as_may_be_rejected_do_not_end_it_and_earlier_ones_count()
    {
        var trial = Trial(new BulkIndex(), maxRejected: 3, "no\n{}\nno\n");
        trial.Job = trial.Job with { Counts = new LoadCounts { Rejected = 1 } };
        var oneMore = Trial(new BulkIndex(), maxRejected: 3, "no\n{}\nno\n");
        oneMore.Job = oneMore.Job with { Counts = new LoadCounts { Rejected = 2 } };

        Assert.Equal((LoadResult.Done, 3), await Ended(trial));
        Assert.Equal((LoadResult.TooManyRejected, 4), await Ended(oneMore));
    }

    [Theory]
    [InlineData(500, LoadResult.Done)]
    [InlineData(501, LoadResult.TooManyRejected)]
    public async Task A_version_whose_first_thousand_lines_are_mostly_rejected_is_given_up(int bad, object result)
    {
        var index = new BulkIndex
        {
            Answer = (_, items) => Task.FromResult<BulkAnswer?>(
                LoadTrial.Failed([.. items.Index().Where(one => one.Item.Text.Contains("bad", StringComparison.Ordinal)).Select(one => LoadTrial.Poison(one.Index))])),
        };
        var head = string.Concat(Enumerable.Range(0, 1_000).Select(n => n < bad ? "{\"bad\":1}\n" : "{}\n"));
        var trial = Trial(index, maxRejected: 1_000_000, head + Documents(1_000, 200_000));

        var end = await trial.Run();

        Assert.Equal((LoadResult)result, end.Result);
        Assert.Equal(end.Result == LoadResult.Done, end.Counts.Lines == 200_000);
    }

    [Fact]
    public async Task What_may_be_under_way_is_never_exceeded()
    {
        var pool = new CountingPool();
        var gate = new TaskCompletionSource();
        BulkIndex index = null!;
        index = new BulkIndex
        {
            Answer = async (_, _) =>
            {
                if (index.UnderWay == 3)
                {
                    gate.TrySetResult();
                }

                await gate.Task;
                return null;
            },
        };
        var trial = Trial(index, maxRejected: 0, Documents(0, 100_000), $"{{\"t\":\"{new string('x', 60_000)}\"}}\n");
        trial.Job = trial.Job with { Limits = new LoadSpec { BatchBytes = new(64 << 10), Workers = 8, InFlightBytes = new(200 << 10) } };

        await new Loader(new HastyTime(), pool: pool).Load(trial.Job, TestContext.Current.CancellationToken);

        Assert.Equal(3, index.MostUnderWay);
        Assert.InRange(index.MostBytesUnderWay, 1, 200 << 10);
        Assert.InRange(index.LargestBody, 60_000, 64 << 10);
        Assert.InRange(pool.Most, 1, (4 + 2) * (64 << 10));
        Assert.Equal(0, pool.Rented);
    }

    [Fact]
    public async Task However_many_are_rejected_a_checkpoint_holds_few_of_them()
    {
        var index = new BulkIndex();
        var trial = Trial(index, maxRejected: long.MaxValue, Documents(0, 2_000) + string.Concat(Enumerable.Repeat("{}\nno\n", 50_000)));
        var met = new List<int>();
        trial.Job = trial.Job with
        {
            Checkpoint = async (progress, _) =>
            {
                met.Add(progress.Rejected.Length);
                await Task.Yield();
            },
        };

        var end = await trial.Run();

        Assert.Equal((LoadResult.Done, 50_000), (end.Result, end.Counts.Rejected));
        Assert.Equal(50_000, met.Sum());
        Assert.All(met, count => Assert.InRange(count, 0, LoadPrefix.MostRejected + 100));
        Assert.Equal(trial.Rejected.Select(one => one.Line), trial.Rejected.Select(one => one.Line).Order());
    }

    [Fact]
    public async Task The_reader_waits_while_enough_rejected_documents_wait_for_a_checkpoint()
    {
        var trial = Trial(new BulkIndex(), maxRejected: long.MaxValue, "");
        using var stop = new LoadStop(TestContext.Current.CancellationToken);
        var due = 0;
        var prefix = new LoadPrefix(trial.Job, stop) { Due = () => due++ };
        var (first, second) = (Stretch(1), Stretch(LoadPrefix.MostRejected));
        prefix.Open(first);
        prefix.Open(second);

        prefix.Settle(second);
        var waiting = prefix.WaitForRoom(TestContext.Current.CancellationToken);
        var tooEarly = prefix.Take();
        prefix.Settle(first);

        Assert.Equal((null, false, 1), (tooEarly, waiting.IsCompleted, due));
        Assert.Equal(LoadPrefix.MostRejected + 1, prefix.Take()!.Rejected.Length);
        await waiting;
    }

    [Fact]
    public async Task The_reader_waits_while_one_request_holds_up_many()
    {
        var trial = Trial(new BulkIndex(), maxRejected: 0, "");
        using var stop = new LoadStop(TestContext.Current.CancellationToken);
        var prefix = new LoadPrefix(trial.Job, stop);
        Stretch[] stretches = [.. Enumerable.Range(0, LoadPrefix.MostOpen).Select(_ => Stretch(0))];
        foreach (var stretch in stretches)
        {
            prefix.Open(stretch);
        }

        Array.ForEach(stretches[1..], prefix.Settle);
        var waiting = prefix.WaitForRoom(TestContext.Current.CancellationToken);
        var held = !waiting.IsCompleted && prefix.Take() is null;
        prefix.Settle(stretches[0]);

        Assert.True(held);
        await waiting;
        Assert.Equal(LoadPrefix.MostOpen, prefix.Take()!.Counts.Lines);
    }

    [Fact]
    public async Task The_cluster_pushing_back_halves_what_is_under_way_and_a_clean_stretch_gives_it_back()
    {
        using var throttle = new Throttle(8);
        var first = await throttle.Enter(TestContext.Current.CancellationToken);
        var second = await throttle.Enter(TestContext.Current.CancellationToken);

        throttle.Leave(first, pushedBack: true);
        throttle.Leave(second, pushedBack: true);
        var halved = throttle.Limit;
        var clean = 0;
        for (; throttle.Limit == 4; clean++)
        {
            throttle.Leave(await throttle.Enter(TestContext.Current.CancellationToken), pushedBack: false);
        }

        Assert.Equal((4, 5, 4 * Throttle.CleanStretch), (halved, throttle.Limit, clean));
        for (var entered = 0; entered < 5; entered++)
        {
            await throttle.Enter(TestContext.Current.CancellationToken);
        }

        Assert.False(throttle.Enter(TestContext.Current.CancellationToken).IsCompleted);
    }

    [Fact]
    public async Task What_reading_or_a_checkpoint_throws_ends_the_load_with_nothing_left_behind()
    {
        var broken = new SourceException("SourceCorrupt", "part-0 is cut off");
        var source = new MemorySource(100_000, ("part-0", Encoding.UTF8.GetBytes(Documents(0, 50_000)))) { Breaks = (400_000, broken) };
        var index = new BulkIndex();
        var pool = new CountingPool();
        var trial = new LoadTrial(source, index);
        var told = new DependencyException(Dependency.History, "no store");
        var full = Trial(index, maxRejected: long.MaxValue, Documents(0, 1_000) + string.Concat(Enumerable.Repeat("no\n", 100_000)));
        var calls = 0;
        full.Job = full.Job with
        {
            Checkpoint = (_, _) =>
            {
                calls++;
                throw told;
            },
        };

        Assert.Same(broken, await Assert.ThrowsAsync<SourceException>(() => trial.Run()));
        Assert.Same(told, await Assert.ThrowsAsync<DependencyException>(() => full.Run()));
        Assert.Equal((0, 0, 1), (index.UnderWay, source.Open, calls));
        Assert.Equal(trial.Told[^1].Position.Line, trial.Told[^1].Counts.Acked);
    }

    [Fact]
    public async Task A_load_that_is_cancelled_ends_with_nothing_left_behind()
    {
        using var cancel = new CancellationTokenSource();
        var index = new BulkIndex
        {
            Answer = async (request, _) =>
            {
                if (request == 3)
                {
                    await cancel.CancelAsync();
                }

                return null;
            },
        };
        var source = new MemorySource(("part-0", Documents(0, 50_000)));
        var trial = new LoadTrial(source, index);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new Loader(new HastyTime()).Load(trial.Job, cancel.Token));

        Assert.Equal((0, 0), (index.UnderWay, source.Open));
    }

    private static async Task<(LoadResult, long)> Ended(LoadTrial trial)
    {
        var end = await trial.Run();
        return (end.Result, end.Counts.Rejected);
    }

    private static Stretch Stretch(int rejected)
    {
        var stretch = new Stretch { Lines = 1 };
        for (var line = 1; line <= rejected; line++)
        {
            stretch.Reject(0, new RejectedDocument("part-0", line, null, 0, "invalid_json", "", ""));
        }

        return stretch;
    }

    private static string Documents(int from, int to) =>
        string.Concat(Enumerable.Range(from, to - from).Select(n => $"{{\"n\":{n}}}\n"));

    private static LoadTrial Trial(BulkIndex index, long maxRejected, params string[] texts)
    {
        var source = new MemorySource(8_000, [.. texts.Select((text, n) => ($"part-{n}", Encoding.UTF8.GetBytes(text)))]);
        var trial = new LoadTrial(source, index);
        trial.Job = trial.Job with { MaxRejected = maxRejected };
        return trial;
    }

    /// <summary>Rents exactly what is asked for and counts it.</summary>
    private sealed class CountingPool : ArrayPool<byte>
    {
        private readonly Lock _lock = new();

        public long Rented { get; private set; }

        public long Most { get; private set; }

        public override byte[] Rent(int minimumLength)
        {
            lock (_lock)
            {
                Rented += minimumLength;
                Most = Math.Max(Most, Rented);
                return new byte[minimumLength];
            }
        }

        public override void Return(byte[] array, bool clearArray = false)
        {
            lock (_lock)
            {
                Rented -= array.Length;
            }
        }
    }
}
