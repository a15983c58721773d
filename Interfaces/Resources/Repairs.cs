namespace ClusterGrains.Resources;

/// <summary>What a grain had to put right when it was woken.</summary>
[Flags, GenerateSerializer, Alias("ClusterGrains.Repairs")]
public enum Repairs
{
    None = 0,

    /// <summary>Its reminder was not in the table or had another period, or was there for no resource.</summary>
    Reminder = 1,

    /// <summary>It was late, nobody worked on its open run any more, or its row was missing.</summary>
    Turn = 2,

    /// <summary>Columns beside its state could not be read.</summary>
    Columns = 4,
}
