using System.Text.Json;
using ClusterGrains.Clusters;

namespace ClusterGrains.Datasets;

/// <summary>What a cluster answered, in full.</summary>
/// <param name="Body">Undefined when it was empty or no JSON, which only failures are.</param>
internal sealed record ServerAnswer(IndexRequest Request, Uri Endpoint, int Status, JsonElement Body, ServerError Error)
{
    public bool Ok => Status is 200 or 201;

    /// <summary>Whether every node has confirmed it in time.</summary>
    public bool Acknowledged => Ok && Body.Flag("acknowledged") is true;

    /// <exception cref="DependencyException">It is a failure.</exception>
    public ServerAnswer OrThrow() => Ok ? this : throw Unexpected();

    /// <exception cref="DependencyException">It is a failure, or not every node has confirmed it in time.</exception>
    public void Confirmed()
    {
        if (!OrThrow().Acknowledged)
        {
            throw Failed("took it, but not all nodes confirmed it in time. The next run looks at what became of it.");
        }
    }

    /// <exception cref="DependencyException">A shard did not take part, or it was over before all had.</exception>
    /// <param name="allShards">Whether each shard counts; of a refresh, copies that are nowhere do not.</param>
    public ServerAnswer FromEveryShard(bool allShards)
    {
        var shards = OrThrow().Body.At("_shards") ?? throw Failed("did not say from how many shards it is.");
        var (total, successful, failed) = (shards.Count("total"), shards.Count("successful"), shards.Count("failed"));
        if (total is null || successful is null || failed is not 0 || successful == 0 || (allShards && successful != total))
        {
            throw Failed($"came from {successful} of {total} shards, {failed} failed. See the health of the index.");
        }

        return Body.Flag("timed_out") is true ? throw Failed("was over before all shards had answered.") : this;
    }

    public DependencyException Unexpected() => new(
        Dependency.SearchCluster,
        $"{Endpoint} answered {Request} with {Error}.{Cure}",
        Error.IsDenied ? new UnauthorizedAccessException() : null);

    /// <param name="what">Continues "the answer to …".</param>
    public DependencyException Failed(string what) => new(
        Dependency.SearchCluster, $"The answer of {Endpoint} to {Request} {what}");

    private string Cure => Status switch
    {
        401 => " See the Secret that the SearchCluster names in spec.auth.",
        _ when Error.IsBlock => " Free disk space or lift the block; the next run tries again.",
        403 => " Grant this to the role of the user that the SearchCluster names in spec.auth.",
        >= 300 and < 400 => " Redirects are never followed; write the final URL in spec.endpoints of the SearchCluster.",
        _ => "",
    };
}
