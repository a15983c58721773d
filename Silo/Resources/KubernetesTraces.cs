using System.Diagnostics;

namespace ClusterGrains.Resources;

/// <summary>Spans of requests to the API server; watches have none. docs/telemetry.md.</summary>
internal static class KubernetesTraces
{
    public const string SourceName = "ClusterGrains.Kubernetes";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>From a request to the end of its answer.</summary>
    public static Activity? Ask(ApiRequest request)
    {
        var span = Source.StartActivity("kubernetes", ActivityKind.Client);
        if (span is not null)
        {
            var target = request.Target;
            span.DisplayName = $"kubernetes {request.Verb} {target.Resource}{(target.Subresource is { } part ? $"/{part}" : "")}";
            span.SetTag("clustergrains.verb", request.Verb).SetTag("clustergrains.target", target.ToString());
        }

        return span;
    }

    /// <param name="code">Of HTTP; 0 when there was no answer.</param>
    public static void Answered(this Activity? ask, int code)
    {
        if (ask is not null)
        {
            ask.SetTag("http.response.status_code", code);
            ask.SetStatus(code is 0 or >= 500 or 429 ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        }
    }
}
