using ClusterGrains.Storage;

namespace ClusterGrains.Resources;

/// <summary>What this version makes of the stored states of a kind, where no grain can be asked.</summary>
/// <param name="Read">Reads a document as the grain does; throws what the grain would fail with.</param>
/// <param name="Schema">The highest layout that it reads.</param>
/// <param name="Verdict">The member of the kind's status that holds its verdict; one of the values is <c>Unknown</c>.</param>
internal sealed record StateFormat(ResourceKind Kind, Func<string, object?> Read, int Schema, string Verdict)
{
    /// <summary>Why no grain can work from the row, with the cure; null when one can.</summary>
    public string? ProblemOf(StateRow row)
    {
        if (row.Damage is { } columns)
        {
            return Unreadable($"it has no {columns}");
        }

        if (row.SchemaVersion > Schema)
        {
            return $"The stored state has schemaVersion {row.SchemaVersion}, written by a newer version of the operator; this one knows {Schema}. Run the newer version.";
        }

        try
        {
            return Read(row.Document) is null ? Unreadable("it is null") : null;
        }
        catch (Exception damage)
        {
            return Unreadable(damage.Message);
        }
    }

    private static string Unreadable(string why) =>
        $"The stored state cannot be read: correct its row, restore the storage from a backup, or delete the row to begin anew ({why}).";
}
