using System.Globalization;
using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>
/// One watch from its request to its end. Silence is an end: a stream without a line for
/// <see cref="WatchOptions.InactivityDeadline"/> is closed, whatever its socket says.
/// </summary>
internal sealed class WatchStream(
    WatchTarget target,
    KubernetesConnection connection,
    DeliveryQueue queue,
    WatchOptions options,
    TimeProvider time,
    WatchJournal journal)
{
    public async Task<WatchStep> Follow(string version, CancellationToken cancellationToken)
    {
        var duration = options.ShortestWatch + ((options.LongestWatch - options.ShortestWatch) * Random.Shared.NextDouble());
        using var stream = await connection.Open(Request(version, duration), cancellationToken);
        journal.Heard();
        if (stream.Failure is not null)
        {
            journal.Ended(WatchEnd.Refused, 0);
            return new WatchStep(version, stream.Failure);
        }

        var reading = new Reading(version);
        using var whole = new CancellationTokenSource(duration + options.EndGrace, time);
        using var silence = new CancellationTokenSource(options.InactivityDeadline, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, whole.Token, silence.Token);
        try
        {
            await Read(stream.Response!, reading, silence, any.Token);
            return End(reading, reading.Failure is null ? WatchEnd.Closed : WatchEnd.Refused, reading.Failure);
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return End(reading, WatchEnd.Silent, ApiFailure.Unreachable(
                $"no line for {options.InactivityDeadline.TotalSeconds:0.#} s, so the connection is taken for dead"));
        }
        catch (OperationCanceledException) when (whole.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The server forgot the end it was asked for; what it sent was good.
            return End(reading, WatchEnd.Closed, null);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            return End(reading, WatchEnd.Broken, ApiFailure.Unreachable($"the connection broke: {failure.Message}"));
        }
    }

    private ApiRequest Request(string version, TimeSpan duration)
    {
        var seconds = Math.Ceiling(duration.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return new ApiRequest(
            "watch",
            target.Collection,
            $"watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(version)}&timeoutSeconds={seconds}")
        {
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    private async Task Read(
        HttpResponseMessage response, Reading reading, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var lines = new LineReader(body, options.MaxLine);
        while (await lines.Read(cancellationToken) is { IsEnd: false } line)
        {
            var watchEvent = WatchEvent.Read(line);
            if (watchEvent is WatchEvent.Refused refused)
            {
                reading.Failure = refused.Failure;
                return;
            }

            // What tells nothing is as good as silence: a proxy may send such lines for ever.
            if (watchEvent is { Version: not null } and not WatchEvent.Undecodable)
            {
                silence.CancelAfter(options.InactivityDeadline);
                journal.Line();
            }

            Pass(watchEvent);
            reading.Lines += watchEvent.Version is null ? 0 : 1;
            reading.Version = watchEvent.Version ?? reading.Version;
        }
    }

    private void Pass(WatchEvent watchEvent)
    {
        switch (watchEvent)
        {
            case WatchEvent.Seen seen:
                queue.Offer(new Address(target.Kind, seen.Manifest.Key), new Delivery.Observe(seen.Manifest));
                break;
            case WatchEvent.Gone gone:
                queue.Offer(
                    new Address(target.Kind, gone.Key), gone.Uid is null ? new Delivery.Ask() : new Delivery.Deleted(gone.Uid));
                break;
            case WatchEvent.Undecodable undecodable:
                journal.Undecodable(undecodable.Key, undecodable.Problem);
                break;
        }
    }

    private WatchStep End(Reading reading, WatchEnd end, ApiFailure? failure)
    {
        journal.Ended(end, reading.Lines);
        return new WatchStep(reading.Version, failure, reading.Lines) { IsMute = end is WatchEnd.Silent && reading.Lines == 0 };
    }

    private sealed class Reading(string version)
    {
        public string Version { get; set; } = version;
        public long Lines { get; set; }
        public ApiFailure? Failure { get; set; }
    }
}
