using System.Globalization;
using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Verification;

/// <summary>Compares the columns beside a document with what the document says.</summary>
internal static class IndexColumns
{
    /// <summary>A storage may keep times to the millisecond.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(1);

    /// <summary>One text for each column that differs: its name, a colon, and both values.</summary>
    public static IEnumerable<string> Differences(ResourceId resource, StateRow row, IndexRow document, int schemaVersion)
    {
        if (row.Index is not { } columns)
        {
            return ["columns: the row has none"];
        }

        (string Column, object? Stored, object? Document)[] pairs =
        [
            ("columns that cannot be read", columns.Damage, null),
            ("schemaVersion", row.SchemaVersion, schemaVersion),
            ("kind", columns.Kind, resource.Kind.Name),
            ("namespace", columns.Namespace, resource.Key.Namespace),
            ("name", columns.Name, resource.Key.Name),
            ("kind of the document", document.Kind, resource.Kind.Name),
            ("namespace of the document", document.Namespace, resource.Key.Namespace),
            ("name of the document", document.Name, resource.Key.Name),
            ("uid", columns.Uid, document.Uid),
            ("generation", columns.Generation, document.Generation),
            ("intent", columns.Intent, document.Intent),
            ("phase", columns.Phase, document.Phase),
            ("nextDue", columns.NextDue, document.NextDue),
            ("revision", columns.Revision, document.Revision),
            ("claim", columns.Claim, document.Claim),
            ("summary", columns.Summary, document.Summary),
            ("createdAt", columns.CreatedAt ?? document.CreatedAt, document.CreatedAt),

            // Documents from before this was kept do not say it; the storage set it when it began to.
            ("lateAt", columns.LateAt, document.LateAt ?? columns.LateAt),
            ("silo", columns.Silo, document.Silo),
        ];
        return pairs.Where(pair => !IsSame(pair.Stored, pair.Document))
            .Select(pair => $"{pair.Column}: {Text(pair.Stored)} instead of {Text(pair.Document)}");
    }

    private static bool IsSame(object? stored, object? document) => (stored, document) switch
    {
        (DateTimeOffset one, DateTimeOffset other) => (one - other).Duration() <= Slack,
        _ => Equals(stored, document),
    };

    private static string Text(object? value) => value switch
    {
        null => "nothing",
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        _ => $"'{Convert.ToString(value, CultureInfo.InvariantCulture)}'",
    };
}
