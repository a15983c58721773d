namespace ClusterGrains.Access;

/// <summary>Adds who may see what.</summary>
internal static class AccessParts
{
    public static void AddAccess(this IServiceCollection services) => services.AddSingleton<ICallerRights, LoopbackRights>();
}
