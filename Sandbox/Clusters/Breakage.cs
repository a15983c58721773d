namespace ClusterGrains.Sandbox.Clusters;

/// <summary>The ways in which a pretend cluster can misbehave.</summary>
internal enum Breakage
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>A primary shard and its replica are gone.</summary>
    Red,

    /// <summary>Two replicas have no place.</summary>
    Yellow,

    /// <summary>One data node has 2 % of its disk left, past every flood stage: all indices refuse to be written.</summary>
    FullDisk,

    /// <summary>Every answer takes <see cref="PretendClusterOptions.SlowAnswer"/>.</summary>
    Slow,

    /// <summary>401, whatever the credentials.</summary>
    Unauthorized,

    /// <summary>403, whatever the credentials.</summary>
    Forbidden,

    /// <summary>429 to everything: the parent circuit breaker is open.</summary>
    Throttled,

    /// <summary>No elected master: what needs one answers 503, <c>GET /</c> and statistics still 200.</summary>
    NoMaster,

    /// <summary>Nobody listens: connections are refused.</summary>
    Dead,

    /// <summary>Another cluster answers at the same address, one without the indices of this one.</summary>
    AnotherUuid,

    /// <summary>Requests are accepted and never answered.</summary>
    Hang,

    /// <summary>200 with the first half of the answer.</summary>
    BadBody,

    /// <summary>Connections are cut and refused for <see cref="PretendClusterOptions.RestartTime"/>; then it is well.</summary>
    Restart,

    /// <summary>As <see cref="Restart"/>; indices without replicas have lost their primaries for good.</summary>
    LostNode,

    /// <summary>429 to every bulk request: too many bytes are under way.</summary>
    BulkThrottled,

    /// <summary>429 to every third item of the bulk requests.</summary>
    ItemsThrottled,

    /// <summary>Every second change is made, and the connection cut before the answer.</summary>
    LostAnswers,
}

/// <summary>The names of breakages in URLs.</summary>
internal static class Breakages
{
    public const string Heal = "heal";

    /// <summary>What can follow <c>/clusters/&lt;name&gt;/</c>, in the order of documentation.</summary>
    public static readonly IReadOnlyDictionary<string, Breakage> ByName = new OrderedDictionary<string, Breakage>
    {
        ["red"] = Breakage.Red,
        ["yellow"] = Breakage.Yellow,
        ["full-disk"] = Breakage.FullDisk,
        ["slow"] = Breakage.Slow,
        ["401"] = Breakage.Unauthorized,
        ["403"] = Breakage.Forbidden,
        ["429"] = Breakage.Throttled,
        ["503"] = Breakage.NoMaster,
        ["dead"] = Breakage.Dead,
        ["another-uuid"] = Breakage.AnotherUuid,
        ["hang"] = Breakage.Hang,
        ["bad-body"] = Breakage.BadBody,
        ["restart"] = Breakage.Restart,
        ["lost-node"] = Breakage.LostNode,
        ["bulk-429"] = Breakage.BulkThrottled,
        ["items-429"] = Breakage.ItemsThrottled,
        ["lost-answers"] = Breakage.LostAnswers,
        [Heal] = Breakage.None,
    };

    public static string Name(this Breakage breakage) =>
        breakage == Breakage.None ? "well" : ByName.First(entry => entry.Value == breakage).Key;
}
