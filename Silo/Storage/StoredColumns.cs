using System.Text.Json;
using ClusterGrains.Resources;

namespace ClusterGrains.Storage;

/// <summary>
/// Reads the columns of one row as far as they can be read, whatever keeps them: one that cannot is empty and named in
/// <see cref="Damage"/>, so that no row stands in the way of the others.
/// </summary>
/// <param name="column">The value of a column as its storage has it; null for none.</param>
internal sealed class StoredColumns(Func<string, object?> column)
{
    private static readonly JsonDocumentOptions OneOfEachName = new() { AllowDuplicateProperties = false };

    /// <summary>No row of the index is without any of these: a state that has none of them is in no index.</summary>
    private static readonly string[] Needed = ["kind", "namespace", "name", "uid", "generation", "intent", "phase", "revision"];

    /// <summary>The columns that were asked for and cannot be read; null for none.</summary>
    public string? Damage { get; private set; }

    /// <summary>A stored state.</summary>
    public static StateRow State(StateKey key, Func<string, object?> column)
    {
        var read = new StoredColumns(column);
        return new StateRow(
            key,
            read.Text("etag"),
            int.CreateSaturating(read.Number("schemaVersion")),
            Array.Exists(Needed, name => column(name) is not null) ? Index(key.GrainId, column) : null,
            read.Text("document"))
        {
            Damage = read.Damage,
        };
    }

    /// <summary>The index columns beside the state of this grain, whose id is its type, which stands for the kind, and the resource's key.</summary>
    public static IndexRow Index(string grainId, Func<string, object?> column)
    {
        var read = new StoredColumns(column);
        var slash = grainId.IndexOf('/', StringComparison.Ordinal);
        var key = ResourceKey.TryParse(grainId[(slash + 1)..], out var named) ? named : default;
        var row = new IndexRow(
            Kind: read.Text("kind", grainId[..Math.Max(slash, 0)]),
            Namespace: read.Text("namespace", key.Namespace),
            Name: read.Text("name", key.Name),
            Uid: read.Text("uid"),
            Generation: read.Number("generation"),
            Intent: read.Text("intent"),
            Phase: read.Text("phase"),
            NextDue: read.Time("nextDue"),
            Revision: read.Number("revision"),
            Claim: read.OptionalText("claim"),
            Summary: read.OptionalObject("summary"),
            CreatedAt: read.Time("createdAt"),
            LateAt: read.Time("lateAt"),
            Silo: read.OptionalText("silo"));
        return read.Damage is null ? row : row with { Damage = read.Damage };
    }

    /// <param name="otherwise">What is known to be in it.</param>
    public string Text(string name, string? otherwise = null) => column(name) as string ?? Spoilt(name) ?? otherwise ?? "";

    /// <summary>Whichever number type holds it: tools that copy rows choose their own.</summary>
    public long Number(string name)
    {
        switch (column(name))
        {
            case long number:
                return number;
            case int number:
                return number;
            case double number when Math.Truncate(number) == number && Math.Abs(number) <= 1L << 53:
                return (long)number;
            default:
                Spoilt(name);
                return 0;
        }
    }

    public DateTimeOffset? Time(string name)
    {
        if (OptionalText(name) is not { } text)
        {
            return null;
        }

        if (StoredTime.TryParse(text, out var time))
        {
            return time;
        }

        Spoilt(name);
        return null;
    }

    private string? OptionalObject(string name)
    {
        try
        {
            if (OptionalText(name) is not { } text)
            {
                return null;
            }

            using var document = JsonDocument.Parse(text, OneOfEachName);
            return document.RootElement.ValueKind == JsonValueKind.Object ? text : Spoilt(name);
        }
        catch (JsonException)
        {
            return Spoilt(name);
        }
    }

    private string? OptionalText(string name) => column(name) is { } value ? value as string ?? Spoilt(name) : null;

    private string? Spoilt(string name)
    {
        Damage = Damage is null ? name : $"{Damage}, {name}";
        return null;
    }
}
