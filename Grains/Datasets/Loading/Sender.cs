namespace ClusterGrains.Datasets.Loading;

/// <summary>Sends batches until each of their documents is taken or rejected.</summary>
internal sealed class Sender(
    LoadJob job, TimeProvider time, Throttle throttle, BatchPool batches, LoadStop stop, LoadMetrics? metrics)
{
    /// <summary>Without one document taken for so long, the load is put off.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Engines blame themselves (500) for documents that break them too: those never go through.</summary>
    private const int PoisonTries = 8;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private long _lastTaken = time.GetTimestamp();
    private long _taken;

    /// <summary>Throws when the load is over.</summary>
    public Task Send(Batch batch) => Deliver(batch, 0, batch.Count, time.GetTimestamp());

    private async Task Deliver(Batch batch, int from, int count, long since)
    {
        var (before, answered) = (Interlocked.Read(ref _taken), 0);
        for (var tries = 0; ; tries++)
        {
            var answer = await Ask(batch, from, count);
            switch (answer.Result)
            {
                case BulkResult.Taken:
                    count = Settle(batch, from, count, answer, IsPoison(++answered, before));
                    break;
                case BulkResult.TooLarge when count == 1:
                    batch.Reject(from, job.Version.Files, 413, "document_too_large", answer.Reason);
                    return;
                case BulkResult.TooLarge:
                    batches.Shrink(batch.Body(from, count).Length);
                    await Deliver(batch, from, count / 2, since);
                    await Deliver(batch, from + (count / 2), count - (count / 2), since);
                    return;
                case BulkResult.Busy:
                    break;
                default:
                    End(answer.Result, answer.Reason);
                    return;
            }

            if (count == 0)
            {
                return;
            }

            batch.Stretch.Retries++;
            await Pause(answer, tries, since);
        }
    }

    private async Task<BulkAnswer> Ask(Batch batch, int from, int count)
    {
        var period = await throttle.Enter(stop.All);
        var began = time.GetTimestamp();
        var pushedBack = true;
        try
        {
            var answer = await job.Index.Bulk(job.Alias, batch.Body(from, count), count, stop.All);
            pushedBack = answer.Result == BulkResult.Busy || answer.Failed.Any(item => item.Result == BulkResult.Busy);
            metrics?.Answered(answer.Result, pushedBack, time.GetElapsedTime(began));
            return answer;
        }
        finally
        {
            throttle.Leave(period, pushedBack);
        }
    }

    /// <summary>How many documents are to be sent again; they are at the front then.</summary>
    private int Settle(Batch batch, int from, int count, BulkAnswer answer, Func<BulkItem, bool> isPoison)
    {
        List<int> again = [];
        foreach (var item in answer.Failed)
        {
            switch (item.Result)
            {
                case BulkResult.Busy when !isPoison(item):
                    again.Add(item.Position);
                    break;
                case BulkResult.Blocked or BulkResult.Gone:
                    End(item.Result, $"{item.Type}: {item.Reason}");
                    break;
                default:
                    batch.Reject(from + item.Position, job.Version.Files, item.Status, item.Type, item.Reason);
                    break;
            }
        }

        var taken = count - answer.Failed.Length;
        batch.Stretch.Acked += taken;
        if (taken > 0)
        {
            Interlocked.Add(ref _taken, taken);
            Volatile.Write(ref _lastTaken, time.GetTimestamp());
        }

        batch.Gather(from, again);
        return again.Count;
    }

    /// <summary>Whether the fault is the document's: others were taken meanwhile, and the cluster does not say that it is busy.</summary>
    private Func<BulkItem, bool> IsPoison(int tries, long before) => item =>
        tries >= PoisonTries && Interlocked.Read(ref _taken) > before && !item.IsPushback;

    /// <summary>Twice as long each time, half of it by chance, so that senders do not come back together.</summary>
    private async Task Pause(BulkAnswer answer, int tries, long since)
    {
        var silent = time.GetElapsedTime(Math.Max(since, Volatile.Read(ref _lastTaken)));
        if (silent >= Patience)
        {
            var said = answer.Failed is [var first, ..] ? $"{first.Type}: {first.Reason}" : answer.Reason;
            End(BulkResult.Busy, $"Nothing was taken for {Patience.TotalSeconds:0} s. {said}");
        }

        var longest = FirstPause * Math.Pow(2, Math.Min(tries, 10));
        longest = longest < LongestPause ? longest : LongestPause;
        var pause = longest * (1 - (Random.Shared.NextDouble() / 2));
        var asked = answer.RetryAfter is { } after ? (after < Patience ? after : Patience) : TimeSpan.Zero;
        await Task.Delay(pause > asked ? pause : asked, time, stop.All);
    }

    private void End(BulkResult result, string reason)
    {
        stop.AtOnce(
            result switch
            {
                BulkResult.Busy => LoadResult.Busy,
                BulkResult.Blocked => LoadResult.Blocked,
                BulkResult.Gone => LoadResult.Gone,
                _ => LoadResult.Refused,
            },
            reason);
        stop.All.ThrowIfCancellationRequested();
    }
}
