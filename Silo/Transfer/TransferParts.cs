namespace ClusterGrains.Transfer;

/// <summary>Adds what moves a storage. The host also adds the storage: <c>AddMoveSource</c> or <c>AddMoveTarget</c>.</summary>
internal static class TransferParts
{
    public static void AddExport(this IServiceCollection services)
    {
        services.AddSingleton<StoredContent>();
        services.AddSingleton<Exporter>();
    }

    public static void AddImport(this IServiceCollection services)
    {
        services.AddSingleton<StoredContent>();
        services.AddSingleton<Importer>();
    }
}
