using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>How the engines say no. Shapes and texts are theirs.</summary>
internal static class EngineErrors
{
    public static ClusterAnswer Unauthorized(PretendEngine engine, string uri)
    {
        if (engine.IsOpenSearch)
        {
            return new ClusterAnswer(StatusCodes.Status401Unauthorized, "Unauthorized", "text/plain; charset=UTF-8")
            {
                Challenge = "Basic realm=\"OpenSearch Security\"",
            };
        }

        const string Challenge = "Basic realm=\"security\", charset=\"UTF-8\"";
        return Error(
            StatusCodes.Status401Unauthorized,
            "security_exception",
            $"unable to authenticate user [clustergrains] for REST request [{uri}]",
            cause => cause["header"] = new JsonObject { ["WWW-Authenticate"] = new JsonArray(Challenge, "ApiKey") })
            with { Challenge = Challenge };
    }

    public static ClusterAnswer Forbidden(PretendEngine engine, string action) => Error(
        StatusCodes.Status403Forbidden,
        "security_exception",
        engine.IsOpenSearch
            ? $"no permissions for [{action}] and User [name=clustergrains, backend_roles=[], requestedTenant=null]"
            : $"action [{action}] is unauthorized for user [clustergrains] with effective roles [], "
                + "this action is granted by the cluster privileges [monitor,manage,all]");

    public static ClusterAnswer Throttled() => Error(
        StatusCodes.Status429TooManyRequests,
        "circuit_breaking_exception",
        "[parent] Data too large, data for [<http_request>] would be [4174012416/3.8gb], which is larger than the "
            + "limit of [4080218931/3.7gb], real usage: [4174012416/3.8gb], new bytes reserved: [0/0b]",
        cause =>
        {
            cause["bytes_wanted"] = 4174012416;
            cause["bytes_limit"] = 4080218931;
            cause["durability"] = "PERMANENT";
        });

    public static ClusterAnswer NoMaster(PretendEngine engine) => Error(
        StatusCodes.Status503ServiceUnavailable,
        engine is { IsOpenSearch: true, Major: >= 2 }
            ? "cluster_manager_not_discovered_exception"
            : "master_not_discovered_exception",
        reason: null);

    public static ClusterAnswer UnknownParameters(string path, IReadOnlyCollection<string> names) => Error(
        StatusCodes.Status400BadRequest,
        "illegal_argument_exception",
        $"request [{path}] contains unrecognized parameter{(names.Count == 1 ? "" : "s")}: "
            + string.Join(", ", names.Select(name => $"[{name}]")));

    public static ClusterAnswer UnknownMetrics(string path, IReadOnlyCollection<string> names) => Error(
        StatusCodes.Status400BadRequest,
        "illegal_argument_exception",
        $"request [{path}] contains unrecognized metric{(names.Count == 1 ? "" : "s")}: "
            + string.Join(", ", names.Select(name => $"[{name}]")));

    public static ClusterAnswer WrongMethod(string path, string method, string allowed = "GET") => ClusterAnswer.Json(
        new JsonObject
        {
            ["error"] = $"Incorrect HTTP method for uri [{path}] and method [{method}], allowed: [{allowed}]",
            ["status"] = StatusCodes.Status405MethodNotAllowed,
        },
        StatusCodes.Status405MethodNotAllowed);

    public static ClusterAnswer NoSuchContentType(string? given) => ClusterAnswer.Json(
        new JsonObject
        {
            ["error"] = $"Content-Type header [{given}] is not supported",
            ["status"] = StatusCodes.Status406NotAcceptable,
        },
        StatusCodes.Status406NotAcceptable);

    /// <summary>A single segment reads as the name of an index; everything else has no handler.</summary>
    public static ClusterAnswer NoSuchPath(string path, string method)
    {
        var name = path.Trim('/');
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return ClusterAnswer.Json(
                new JsonObject
                {
                    ["error"] = $"no handler found for uri [{path}] and method [{method}]",
                },
                StatusCodes.Status400BadRequest);
        }

        return name.StartsWith('_')
            ? OfIndex(
                StatusCodes.Status400BadRequest,
                "invalid_index_name_exception",
                $"Invalid index name [{name}], must not start with '_'.",
                name)
            : OfIndex(StatusCodes.Status404NotFound, "index_not_found_exception", $"no such index [{name}]", name);
    }

    private static ClusterAnswer OfIndex(int status, string type, string reason, string index) =>
        Error(status, type, reason, cause =>
        {
            cause["index"] = index;
            cause["index_uuid"] = "_na_";
        });

    internal static ClusterAnswer Error(int status, string type, string? reason, Action<JsonObject>? detail = null)
    {
        var cause = new JsonObject { ["type"] = type, ["reason"] = reason };
        detail?.Invoke(cause);
        var error = new JsonObject { ["root_cause"] = new JsonArray(cause.DeepClone()) };
        foreach (var (key, value) in cause)
        {
            error[key] = value?.DeepClone();
        }

        return ClusterAnswer.Json(new JsonObject { ["error"] = error, ["status"] = status }, status);
    }
}
