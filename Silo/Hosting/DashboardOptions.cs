namespace ClusterGrains.Hosting;

/// <summary>The Orleans dashboard. Bound from <c>Dashboard</c>.</summary>
public sealed class DashboardOptions
{
    public const string Section = "Dashboard";

    /// <summary>Whether it is there, under <c>/dashboard/</c> beside the fleet API.</summary>
    public bool Enabled { get; set; }
}
