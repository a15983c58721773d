using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Requests;
using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Sandbox.Kubernetes.Users;

/// <summary>The kinds that are questions: who is it, and may they? They are answered and never kept.</summary>
internal sealed class Reviews(UserTable users)
{
    private const string OwnAudience = "https://kubernetes.default.svc";

    public static bool IsReview(ResourceDefinition definition) =>
        definition.Group is "authentication.k8s.io" or "authorization.k8s.io";

    /// <summary>About the caller, and so allowed to everybody.</summary>
    public static bool IsOfOneself(ResourceDefinition definition) =>
        IsReview(definition) && definition.Plural.StartsWith("self", StringComparison.Ordinal);

    /// <summary>The review with its <c>status</c>.</summary>
    /// <exception cref="StatusException">It asks nothing.</exception>
    public JsonObject Answer(ResourceDefinition definition, JsonObject review, ApiUser caller)
    {
        var spec = review.Member("spec") ?? [];
        return new JsonObject
        {
            ["apiVersion"] = definition.ApiVersion,
            ["kind"] = definition.Kind,
            ["metadata"] = new JsonObject(),
            ["spec"] = spec.DeepClone(),
            ["status"] = definition.Plural switch
            {
                "tokenreviews" => Token(spec),
                "subjectaccessreviews" => Access(spec.Text("user") ?? "", spec.Texts("groups"), Action(definition, spec)),
                "selfsubjectaccessreviews" => Access(caller.Name, caller.Groups, Action(definition, spec)),
                _ => new JsonObject { ["userInfo"] = caller.ToJson() },
            },
        };
    }

    private JsonObject Token(JsonObject spec)
    {
        var asked = spec.Texts("audiences").DefaultIfEmpty(OwnAudience).ToArray();
        if (users.Find(spec.Text("token") ?? "") is not { } user)
        {
            return new JsonObject { ["user"] = new JsonObject(), ["error"] = "[invalid bearer token, token lookup failed]" };
        }

        var common = asked.Intersect(user.Audiences.DefaultIfEmpty(OwnAudience)).ToArray();
        return common.Length == 0
            ? new JsonObject { ["user"] = new JsonObject(), ["error"] = $"[invalid bearer token, token audiences are not for {string.Join(", ", asked)}]" }
            : new JsonObject
            {
                ["authenticated"] = true,
                ["user"] = user.ToJson(),
                ["audiences"] = new JsonArray([.. common.Select(audience => JsonValue.Create(audience))]),
            };
    }

    private JsonObject Access(string name, IEnumerable<string> groups, ApiAction action) =>
        new() { ["allowed"] = users.May(name, groups, action) };

    private static ApiAction Action(ResourceDefinition definition, JsonObject spec) => ApiAction.Read(spec)
        ?? throw new StatusException(ApiStatus.Invalid(
            definition, "", [FieldError.Invalid("spec.resourceAttributes", "null", "exactly one of nonResourceAttributes or resourceAttributes must be specified")]));
}
