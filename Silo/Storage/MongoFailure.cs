using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using Orleans.Storage;

namespace ClusterGrains.Storage;

/// <summary>Turns what the driver says into what an operator can act on. No message ever shows a connection string.</summary>
internal static class MongoFailure
{
    private const string Setting = $"{MongoOptions.Section}:{nameof(MongoOptions.ConnectionString)}";

    private const int Unauthorized = 13;
    private const int OutOfDiskSpace = 14_031;

    /// <summary>Whether asking again can help: elections, lost connections, a server that is only just starting.</summary>
    public static bool MayPass(Exception failure) => failure switch
    {
        MongoAuthenticationException or MongoIncompatibleDriverException => false,
        UndecidedException or TimeoutException or MongoConnectionException or MongoConnectionPoolPausedException => true,
        MongoNotPrimaryException or MongoNodeIsRecoveringException or MongoWaitQueueFullException => true,
        MongoCursorNotFoundException or MongoExecutionTimeoutException or MongoWriteConcernException => true,
        MongoWriteException write => write.WriteError is null && write.WriteConcernError is not null,
        MongoException other => other.HasErrorLabel("RetryableWriteError"),
        _ => false,
    };

    public static Exception Describe(Exception failure, string place, ClusterDescription? cluster, TimeSpan elapsed) =>
        failure switch
        {
            DependencyException or InconsistentStateException => failure,
            _ => new DependencyException(Dependency.Storage, $"{place} {Cure(failure, cluster, elapsed)}", failure),
        };

    public static DependencyException TooMany(int limit, string place) => new(
        Dependency.Storage, $"{place} is too slow: {limit} operations already wait for it. Look at the server's load and disk.");

    /// <summary>The cause stays out: the driver repeats the connection string.</summary>
    public static DependencyException Unusable(Exception failure) => new(
        Dependency.Storage, $"The driver cannot use {Setting} ({failure.GetType().Name}). Correct its hosts and options.");

    public static DependencyException TooOld(string place, int found, int needed, string release) => new(
        Dependency.Storage,
        $"{place} is too old: it speaks wire version {found}, and {needed} (MongoDB {release}) is needed. Upgrade the server, "
        + $"or let {Setting} name another.");

    public static DependencyException NotWritable(string place) => new(
        Dependency.Storage,
        $"{place} is no primary: nothing can be written there. Let {Setting} name all members of the replica set, with "
        + "replicaSet=<name> and without directConnection.");

    public static DependencyException Unfinished(string place, string service) => new(
        Dependency.Storage,
        $"{place} holds an import for the service '{service}' that was not finished. Import the same file again, or empty the "
        + "database and begin anew.");

    public static DependencyException OtherImport(string place, string service) => new(
        Dependency.Storage,
        $"{place} was taken over by another import for the service '{service}' after this one had begun. This one ends here and changes "
        + "nothing any more; go by what the other one says.");

    public static DependencyException SiloWorks(string place, string cluster, string silo, TimeSpan heard, TimeSpan silence) => new(
        Dependency.Storage,
        $"{place} is in use: the silo {silo} of the cluster '{cluster}' was heard of {Math.Max(0, heard.TotalSeconds):0} s ago. Stop all "
        + $"silos; one that was killed counts as gone {silence.TotalSeconds:0} s after its last sign of life.");

    private static string Cure(Exception failure, ClusterDescription? cluster, TimeSpan elapsed) => failure switch
    {
        MongoAuthenticationException =>
            $"refused the credentials. Correct user, password and authSource in {Setting}.",
        MongoIncompatibleDriverException => $"is too old for this version. Upgrade the server. ({failure.Message})",
        MongoCommandException { Code: Unauthorized } =>
            $"does not allow it. Give the user in {Setting} the role readWrite on that database. ({failure.Message})",
        MongoCommandException { Code: OutOfDiskSpace } => $"has no space left on its disk. Free some. ({failure.Message})",
        OperationCanceledException or TimeoutException or MongoConnectionException or MongoConnectionPoolPausedException =>
            $"did not answer within {elapsed.TotalSeconds:0.#} s{Reason(failure, cluster)}. Check that a primary is up and "
            + $"reachable from here, and the hosts, TLS and replicaSet in {Setting}.",
        ObjectDisposedException => "is closed: this silo is stopping.",
        MongoNotPrimaryException or MongoNodeIsRecoveringException =>
            $"had no primary within {elapsed.TotalSeconds:0.#} s. Look at the replica set's members and their votes.",
        UndecidedException or MongoWriteConcernException or MongoWriteException { WriteConcernError: not null } =>
            $"was not acknowledged by a majority of the members within {elapsed.TotalSeconds:0.#} s. Look at the members that "
            + "are down or lag behind.",
        MongoException => $"did not carry out the operation. ({failure.Message})",
        _ => $"holds something unexpected. ({failure.Message})",
    };

    // A failed selection lists every server with the stack traces of its heartbeats; the first cause says it.
    private static string Reason(Exception failure, ClusterDescription? cluster)
    {
        var heartbeat = cluster?.Servers.Select(server => server.HeartbeatException).FirstOrDefault(one => one is not null);
        var cause = heartbeat ?? (failure as MongoException);
        return cause is null ? "" : $" ({cause.GetBaseException().Message.Split('\n')[0].TrimEnd('.', '\r')})";
    }
}
