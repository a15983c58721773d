namespace ClusterGrains.Datasets;

/// <summary>What goes on with a dataset, in one word; also what its transition records go from and to.</summary>
public enum DatasetPhase
{
    /// <summary>No look at the source succeeded for <c>staleAfter</c>, or no spec was ever accepted.</summary>
    Unknown,

    /// <summary>Nothing was published yet and nothing is on its way.</summary>
    Pending,

    Planning,
    Creating,
    Loading,
    Settling,
    Verifying,
    AwaitingApproval,
    Promoting,

    /// <summary>Readers see what they should.</summary>
    Promoted,

    /// <summary>Something is to be done and cannot be done now.</summary>
    Waiting,

    /// <summary>The newest version was not let through; readers still see the one before.</summary>
    Failed,

    Suspended,
}
