using ClusterGrains.Clusters;

namespace ClusterGrains.Datasets;

/// <summary>Search clusters over their REST API, with the connections and the guards that their checks have.</summary>
internal sealed class RestIndexStore(ISecretStore secrets, ClusterConnections connections, TimeProvider time) : IIndexStore
{
    public async Task<IIndexSession> Connect(
        string resourceNamespace, SearchClusterSpec cluster, CancellationToken cancellationToken)
    {
        var (credentials, result) = await Credentials.Read(secrets, resourceNamespace, cluster, cancellationToken);
        if (credentials is null)
        {
            throw new DependencyException(Dependency.SearchCluster, result.Detail);
        }

        var connection = new IndexConnection(connections.For(credentials.Trust), credentials, cluster, time);
        try
        {
            return new RestIndexSession(connection, await connection.Identify(cancellationToken));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
