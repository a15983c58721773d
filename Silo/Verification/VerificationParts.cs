namespace ClusterGrains.Verification;

/// <summary>Adds the verifier.</summary>
internal static class VerificationParts
{
    /// <summary>
    /// Adds <see cref="Verifier"/>. The host also adds storage, <c>AddHistoryReader</c>, <c>AddKubernetes</c>, <c>AddClusters</c> and
    /// <c>AddDatasets</c>.
    /// </summary>
    public static void AddVerification(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<VerifyOptions, VerifyOptionsValidator>().BindConfiguration(VerifyOptions.Section);
        services.AddSingleton<StoredRows>();
        services.AddSingleton<LiveResources>();
        services.AddSingleton<HistoryListing>();
        services.AddSingleton<AliasViews>();
        services.AddSingleton<Verifier>();
    }
}
