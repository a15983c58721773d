using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>The body of a delete. Propagation and grace mean nothing here: there are no owned objects and no pods.</summary>
internal sealed record DeleteOptions(string Uid, string ResourceVersion, bool DryRun)
{
    public static DeleteOptions Parse(IQueryCollection query, JsonObject body)
    {
        var preconditions = body.Member("preconditions");
        return new DeleteOptions(
            preconditions?.Text("uid") ?? "",
            preconditions?.Text("resourceVersion") ?? "",
            query["dryRun"].ToString() is "All" || body.Texts("dryRun").Contains("All"));
    }
}
