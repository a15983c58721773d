namespace ClusterGrains.Storage;

/// <summary>
/// Pages of the index columns. Each namespace is a range of its own in the index <c>stateByResource</c>: whatever the page,
/// only its own rows are read, and none is sorted.
/// </summary>
internal static class SqliteIndexPage
{
    private const string PageSql =
        $"""
        SELECT {SqliteStateTable.IndexColumns} FROM state
        WHERE kind = @kind AND namespace = @namespace AND name > @after AND name >= @prefix AND name < @behind
          AND phase IS NOT 'Retired' AND (@phase IS NULL OR phase = @phase)
        ORDER BY name LIMIT @limit
        """;

    private const string NamespacesSql = "SELECT DISTINCT namespace FROM state WHERE kind = @kind AND namespace IS NOT NULL ORDER BY namespace";

    /// <summary>Behind every name: names are plain letters, digits, hyphens and dots.</summary>
    private const string Last = "\uffff";

    public static List<string> Namespaces(SqliteSession session, string kind) =>
        session.Query(NamespacesSql, row => row.GetString(0), ("@kind", kind));

    public static List<IndexRow> Read(SqliteSession session, IndexQuery query)
    {
        var rows = new List<IndexRow>();
        var left = query.Namespaces.Where(one => string.CompareOrdinal(one, query.After?.Namespace) >= 0).Order(StringComparer.Ordinal);
        foreach (var one in left.TakeWhile(_ => rows.Count < query.Limit))
        {
            rows.AddRange(session.Query(
                PageSql,
                SqliteStateTable.Index,
                ("@kind", query.Kind),
                ("@namespace", one),
                ("@after", one == query.After?.Namespace ? query.After?.Name : ""),
                ("@prefix", query.NamePrefix),
                ("@behind", query.NamePrefix + Last),
                ("@phase", query.Phase),
                ("@limit", query.Limit - rows.Count)));
        }

        return rows;
    }
}
