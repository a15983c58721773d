using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Objects;
using ClusterGrains.Sandbox.Kubernetes.Tables;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>Turns changes into the lines of one watch: its selector, its form, its bookmarks.</summary>
internal sealed class WatchStream(HttpResponse response, ResourceTarget target, ListOptions options, View view, TimeProvider time)
{
    private readonly TableWriter _table = new(target.Definition, options.IncludeObject, time);
    private bool _columnsSent;

    public void Write(FeedItem item)
    {
        switch (item)
        {
            case FeedItem.Change { Event: var change }:
                Write(change);
                break;
            case FeedItem.Progress { Revision: var revision }:
                WriteBookmark(revision);
                break;
            case FeedItem.Raw { Line: var line }:
                Send(line);
                break;
        }
    }

    public void Write(StoreEvent change)
    {
        if (target.Namespace.Length > 0 && change.Current.Key.Namespace != target.Namespace)
        {
            return;
        }

        if (view is View.Object && options.SelectsEverything)
        {
            Send(change.Line);
            return;
        }

        var before = change.Previous is { } previous && options.Matches(previous);
        var now = change.Type is not ChangeType.Deleted && options.Matches(change.Current);
        switch (before, now)
        {
            case (false, true):
                Write(ChangeType.Added, change.Current);
                break;
            case (true, true):
                Write(ChangeType.Modified, change.Current);
                break;
            case (true, false):
                // Whoever selects sees what they knew, under the revision at which it left.
                Write(ChangeType.Deleted, StoredObject.Freeze(change.Previous!.ToJson(), change.Revision));
                break;
        }
    }

    public void WriteInitial(IEnumerable<StoredObject> objects)
    {
        foreach (var stored in objects.Where(o => target.Namespace.Length == 0 || o.Key.Namespace == target.Namespace))
        {
            if (options.Matches(stored))
            {
                Write(ChangeType.Added, stored);
            }
        }
    }

    public void WriteBookmark(long revision, bool endsInitialEvents = false)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        if (endsInitialEvents)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        var bookmark = new JsonObject
        {
            ["apiVersion"] = view is View.Metadata ? "meta.k8s.io/v1" : target.Definition.ApiVersion,
            ["kind"] = view is View.Metadata ? "PartialObjectMetadata" : target.Definition.Kind,
            ["metadata"] = metadata,
        };
        Send(WatchLine.Bookmark(view is View.Table
            ? Rendered(w => _table.Write(w, m => Responses.WriteVersion(m, revision), [], withColumns: false))
            : CanonicalJson.Bytes(bookmark)));
    }

    public void WriteError(JsonObject status) => Send(WatchLine.Error(CanonicalJson.Bytes(status)));

    private void Write(ChangeType type, StoredObject stored) => Send(WatchLine.Of(type, view switch
    {
        View.Table => RenderedRow(stored),
        View.Metadata => Rendered(w => TableWriter.WriteMetadata(w, stored)),
        _ => stored.Json,
    }));

    private byte[] RenderedRow(StoredObject stored)
    {
        var withColumns = !_columnsSent;
        _columnsSent = true;
        return Rendered(w => _table.Write(w, m => Responses.WriteVersion(m, stored.Revision), [stored], withColumns));
    }

    private static byte[] Rendered(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = CanonicalJson.Writer(buffer))
        {
            write(writer);
        }

        return buffer.ToArray();
    }

    private void Send(byte[] line) => response.BodyWriter.Write(line);
}
