using System.Text.Json;

namespace ClusterGrains.Resources;

/// <summary>What the API server answered to one request, whole.</summary>
/// <param name="Failure">Null when the request succeeded.</param>
internal sealed record ApiAnswer(ApiRequest Request, ReadOnlyMemory<byte> Body, ApiFailure? Failure)
{
    /// <summary>
    /// Whether the server said that the very object asked for does not exist. A missing CRD, a missing API or a proxy's
    /// page are 404 as well, and prove nothing.
    /// </summary>
    public bool SaysNotFound =>
        Failure is { IsNotFound: true, Reason: "NotFound" } failure
        && failure.Name == Request.Target.Name
        && failure.Resource == Request.Target.Resource;

    /// <exception cref="DependencyException">The request failed, or its answer is not JSON.</exception>
    public JsonDocument Json()
    {
        if (Failure is not null)
        {
            throw Exception(Failure);
        }

        try
        {
            return JsonDocument.Parse(Body);
        }
        catch (JsonException failure)
        {
            throw new DependencyException(
                Dependency.KubernetesApi, $"The answer to {Request.Verb} {Request.Target} is not JSON: {failure.Message}", failure);
        }
    }

    private DependencyException Exception(ApiFailure failure) =>
        new(Dependency.KubernetesApi, failure.Explain(Request.Verb, Request.Target));
}
