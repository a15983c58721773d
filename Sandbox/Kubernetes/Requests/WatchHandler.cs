using System.Security.Cryptography;
using ClusterGrains.Sandbox.Kubernetes.Objects;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>Serves watches until they time out, their client leaves or the server stops.</summary>
internal sealed class WatchHandler(ObjectStore store, KubernetesApiOptions options, TimeProvider time, CancellationToken stopping)
{
    /// <summary>Real servers end watches without a timeout after 30 to 60 minutes.</summary>
    private const int ShortestMinutes = 30;

    public async Task Handle(HttpContext context, ResourceTarget target, ListOptions list, View view)
    {
        if (list.ResourceVersion > store.Revision && list.SendInitialEvents is true)
        {
            throw new StatusException(ApiStatus.TooLargeResourceVersion(list.ResourceVersion.Value, store.Revision));
        }

        var stream = new WatchStream(context.Response, target, list, view, time);
        context.Response.ContentType = "application/json";
        if (store.Follow(target.Definition, From(list)) is not { } follow)
        {
            stream.WriteError(ApiStatus.Expired(
                $"too old resource version: {list.ResourceVersion} ({store.CompactedRevision + 1})"));
            return;
        }

        try
        {
            await Run(context, stream, list, follow.Feed, () =>
            {
                stream.WriteInitial(follow.Objects);
                if (list is { SendInitialEvents: true, AllowBookmarks: true })
                {
                    stream.WriteBookmark(follow.Feed.Since, endsInitialEvents: true);
                }

                foreach (var change in follow.Changes)
                {
                    stream.Write(change);
                }
            });
        }
        catch (OperationCanceledException)
        {
            // The end of every watch: its timeout, its client or the server.
        }
        finally
        {
            store.Unfollow(follow.Feed);
        }
    }

    private long? From(ListOptions list) => (list.SendInitialEvents, list.ResourceVersion) switch
    {
        (true, _) => null,
        (false, null or 0) => store.Revision,
        (_, null or 0) => null,
        var (_, version) => version,
    };

    private async Task Run(HttpContext context, WatchStream stream, ListOptions list, Subscription feed, Action begin)
    {
        var duration = list.Timeout ?? TimeSpan.FromMinutes(ShortestMinutes + RandomNumberGenerator.GetInt32(ShortestMinutes));
        using var timeout = new CancellationTokenSource(duration, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted, stopping);
        await using var bookmarks = list.AllowBookmarks ? Bookmarks(feed) : null;
        begin();
        await context.Response.BodyWriter.FlushAsync(end.Token);
        try
        {
            while (await feed.Items.WaitToReadAsync(end.Token))
            {
                while (!feed.IsSilent && feed.Items.TryRead(out var item))
                {
                    stream.Write(item);
                }

                if (feed.IsSilent)
                {
                    break;
                }

                await context.Response.BodyWriter.FlushAsync(end.Token);
            }
        }
        finally
        {
            await StayDead(context, feed);
        }
    }

    private ITimer Bookmarks(Subscription feed) => time.CreateTimer(
        _ => store.Exclusively(() =>
        {
            feed.Offer(new FeedItem.Progress(store.Revision));
            return true;
        }),
        null,
        options.BookmarkInterval,
        options.BookmarkInterval);

    /// <summary>A silent watch does not end by itself, whatever its timeout says.</summary>
    private async Task StayDead(HttpContext context, Subscription feed)
    {
        if (feed.IsSilent)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, end.Token);
        }
    }
}
