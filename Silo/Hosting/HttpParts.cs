using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClusterGrains.Hosting;

/// <summary>The two HTTP ports, and what every answer on them has in common.</summary>
internal static class HttpParts
{
    /// <summary>Tag of the health checks that <c>/livez</c> asks: those that a restart would heal.</summary>
    public const string Live = "live";

    public static void AddHttp(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<HttpOptions, HttpOptionsValidator>().BindConfiguration(HttpOptions.Section);
        services.AddOptionsWithValidateOnStart<ManagementOptions, ManagementOptionsValidator>()
            .BindConfiguration(ManagementOptions.Section);
        services.AddSingleton<CertificateMetrics>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloMetrics>();
        services.AddSingleton<ServerCertificate>();
        services.AddHostedService(provider => provider.GetRequiredService<ServerCertificate>());
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Limits.MaxConcurrentConnections = 1_000;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
        });
        services.AddProblemDetails();
        services.AddHealthChecks()
            .AddCheck<SiloHealth>("orleans")
            .AddCheck<StorageHealth>("storage", timeout: TimeSpan.FromSeconds(2))
            .AddCheck<RelayHealth>("kubernetes")
            .AddCheck<SiloLiveness>("silo", tags: [Live]);
    }

    public static void UseHttp(this WebApplication app)
    {
        app.Use(SecurityHeaders);
        // A caller's trace is not ours: it would decide what is sampled.
        app.Use(Untraced);
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(Surface.Gate);
        app.UseAuthentication();
        app.UseAuthorization();
    }

    public static void MapManagement(this WebApplication app)
    {
        // The kubelet and Prometheus have no token to show; who reaches this port is the NetworkPolicy's business.
        app.MapHealthChecks("/livez", Checks(live: true)).WithMetadata(Surface.Management).AllowAnonymous();
        app.MapHealthChecks("/readyz", Checks(live: false)).WithMetadata(Surface.Management).AllowAnonymous();
        app.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(Surface.Management).AllowAnonymous();
    }

    private static HealthCheckOptions Checks(bool live) => new()
    {
        Predicate = check => check.Tags.Contains(Live) == live,
        ResponseWriter = WriteReport,
    };

    private static Task WriteReport(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        var lines = report.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(Line);
        return context.Response.WriteAsync(string.Join('\n', [.. lines, ""]), context.RequestAborted);
    }

    private static string Line(KeyValuePair<string, HealthReportEntry> entry)
    {
        var word = entry.Value.Status switch
        {
            HealthStatus.Healthy => "ok",
            HealthStatus.Degraded => "degraded",
            _ => "not ready",
        };
        return entry.Value.Description is { } description ? $"{entry.Key}: {word}: {description}" : $"{entry.Key}: {word}";
    }

    private static Task Untraced(HttpContext context, RequestDelegate next)
    {
        Activity.Current = null;
        return next(context);
    }

    private static Task SecurityHeaders(HttpContext context, RequestDelegate next)
    {
        // When the answer starts: an error on the way there would take them away again.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            // What can be asked about again holds no data; everything else is somebody's alone.
            headers.CacheControl = headers.ETag.Count > 0 ? "private, no-cache" : "no-store";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            return Task.CompletedTask;
        });
        return next(context);
    }
}
