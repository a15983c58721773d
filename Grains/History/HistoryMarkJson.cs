using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterGrains.Resources;

namespace ClusterGrains.History;

/// <summary>Of a stored resource state, whatever its kind, what concerns its history. The bodies of records are passed over.</summary>
internal sealed record MarkedState(string? Kind, MarkedManifest? Manifest, MarkedOutbox? Outbox, MissingRecords? MissingRecords)
{
    /// <exception cref="JsonException">It is no state of a resource.</exception>
    public IEnumerable<HistoryMark> Marks()
    {
        if (Kind is null || Manifest is null || Outbox is null)
        {
            throw new JsonException("kind, manifest or outbox is missing.");
        }

        var waiting = SeqRange.Union((Outbox.Entries ?? []).SelectMany(entry => entry.Ranges()));
        return (Outbox.Former ?? []).Select(former => Mark(former, waiting, former.Uid == Manifest.Uid))
            .Append(Mark(new FormerLine(Manifest.Uid, Outbox.Line, Outbox.Seq, Outbox.Days ?? []), waiting, isCurrent: true));
    }

    private HistoryMark Mark(FormerLine line, ImmutableArray<SeqRange> waiting, bool isCurrent) => new(
        Kind!,
        new ResourceKey(Manifest!.Namespace, Manifest.Name),
        line.Uid,
        line.Line,
        line.Seq,
        line.Days.IsDefault ? [] : line.Days,
        waiting.RemoveAll(range => range.Uid != line.Uid || range.Line != line.Line),
        isCurrent,
        isCurrent && MissingRecords is not null);
}

internal sealed record MarkedManifest(string Namespace, string Name, string Uid);

internal sealed record MarkedOutbox(
    int Line, long Seq, ImmutableArray<NumberedDay>? Days, ImmutableArray<FormerLine>? Former, ImmutableArray<MarkedEntry>? Entries);

internal sealed record MarkedEntry(string Uid, int Line, long Seq, ImmutableArray<SeqRange> Missing)
{
    public IEnumerable<SeqRange> Ranges() =>
        (Missing.IsDefault ? [] : Missing).Add(new SeqRange(Uid, Line, Seq, Seq));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MarkedState))]
internal sealed partial class HistoryMarkJson : JsonSerializerContext;
