namespace ClusterGrains.Clusters;

/// <summary>Which Secrets resources may use. Bound from <c>Secrets</c>.</summary>
public sealed class SecretOptions
{
    public const string Section = "Secrets";

    /// <summary>
    /// Whether a Secret must bear the label <see cref="StoredSecret.AllowLabel"/>. Without it whoever may write a resource in a
    /// namespace may have any of its Secrets sent to an address of their choice.
    /// </summary>
    public bool RequireLabel { get; set; } = true;
}
