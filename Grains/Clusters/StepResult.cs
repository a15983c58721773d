namespace ClusterGrains.Clusters;

/// <summary>How one step ended.</summary>
/// <param name="HttpStatus">0 when there was no answer.</param>
/// <param name="Detail">Clean text with what was seen: an address, a reason, a limit. May be empty.</param>
public sealed record StepResult(StepOutcome Outcome, int HttpStatus = 0, string Detail = "")
{
    public static StepResult Ok { get; } = new(StepOutcome.Ok, 200);

    public static StepResult NotAsked { get; } = new(StepOutcome.NotAsked);
}

/// <summary>Classes of outcome. Each failure has its own finding; also the <c>outcome</c> tag of the probe's metrics.</summary>
public enum StepOutcome
{
    /// <summary>An earlier step made it pointless.</summary>
    NotAsked,

    Ok,

    /// <summary>The name does not resolve.</summary>
    Dns,

    /// <summary>No connection, or one that broke before an answer.</summary>
    Connect,

    /// <summary>The address guard does not let us connect there.</summary>
    Refused,

    /// <summary>The handshake failed, or the certificate is not trusted.</summary>
    Tls,

    /// <summary>401.</summary>
    Unauthorized,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>400, 404, 405 or 410: this engine does not know the request.</summary>
    NotSupported,

    /// <summary>429.</summary>
    Throttled,

    /// <summary>503, and the body or the request says that no cluster manager is elected.</summary>
    NoClusterManager,

    /// <summary>No complete answer in time.</summary>
    Timeout,

    /// <summary>Any other status, redirects included.</summary>
    UnexpectedStatus,

    /// <summary>Not the JSON of a search cluster.</summary>
    BadBody,

    /// <summary>More bytes than this request may answer with.</summary>
    TooLarge,

    /// <summary>A Secret is not there, lacks a key, or holds what cannot be used.</summary>
    SecretUnusable,

    /// <summary>The API server did not hand out a Secret.</summary>
    SecretUnreadable,
}
