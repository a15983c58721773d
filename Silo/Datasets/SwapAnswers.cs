using ClusterGrains.Clusters;

namespace ClusterGrains.Datasets;

/// <summary>The shapes in which the engines take or refuse a swap.</summary>
internal static class SwapAnswers
{
    /// <summary>Null for what has nothing to do with aliases.</summary>
    public static SwapAnswer? Of(ServerAnswer answer, string to)
    {
        if (answer.Ok)
        {
            return Accepted(answer);
        }

        var error = answer.Error;
        var result = error switch
        {
            { IsBlock: true } => SwapResult.Blocked,
            { Status: 400 } when error.Is("invalid_alias_name_exception") => SwapResult.NameTaken,
            { IsMissingIndex: true } when error.Says($"[{to}]") => SwapResult.Missing,
            { IsMissingIndex: true } => SwapResult.NotAsExpected,

            // OpenSearch; Elasticsearch; and OpenSearch when the alias moves between its two looks.
            { Status: 404 } when error.Is("aliases_not_found_exception") => SwapResult.NotAsExpected,
            { Status: 404 } when error.Is("resource_not_found_exception") => SwapResult.NotAsExpected,
            _ when error.Says("required alias [") => SwapResult.NotAsExpected,

            // Somebody has made another index the write index.
            _ when error.Says("more than one write index") => SwapResult.NotAsExpected,
            _ => (SwapResult?)null,
        };
        return result is { } known ? new SwapAnswer(known, error.ToString()) : null;
    }

    // Recent Elasticsearch says action by action what it left out, and that it left out anything.
    private static SwapAnswer Accepted(ServerAnswer answer) => answer switch
    {
        _ when answer.Body.Flag("errors") is true => new(SwapResult.NotAsExpected, "Not every action was carried out."),
        { Acknowledged: true } => new(SwapResult.Done),
        _ => new(SwapResult.Unconfirmed, "Not all nodes confirmed it in time."),
    };
}
