using System.Globalization;
using ClusterGrains.Clusters;

namespace ClusterGrains.Verification;

/// <summary>What one row must be by itself: readable, at one with its index columns, and bounded.</summary>
internal static class RowInvariant
{
    public static IEnumerable<Violation> Readable(Snapshot seen) =>
        from row in seen.Rows
        where row.Damage is not null
        select new Violation("Row", row.Resource.ToString(), "document", "a state that can be read", row.Damage!, Place(row));

    public static IEnumerable<Violation> Columns(Snapshot seen) =>
        from row in seen.Rows
        from column in row.Columns
        let parts = column.Split(": ", 2)
        select new Violation("Columns", row.Resource.ToString(), parts[0], "what the document says", parts[^1], Place(row));

    public static IEnumerable<Violation> Bounds(Snapshot seen) =>
        from row in seen.Rows
        from size in row.Oversize
        select new Violation("Bounds", row.Resource.ToString(), size.What, $"at most {Bytes(size.Limit)}", Bytes(size.Bytes), Place(row));

    public static string Place(RowFacts row) => $"the stored {row.Row}";

    internal static string Bytes(long bytes) => bytes < 100_000 ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes") : ByteText.Of(bytes);
}
