using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>The <c>Status</c> objects of the API, worded as a real server words them.</summary>
internal static class ApiStatus
{
    public static JsonObject Failure(int code, string reason, string message, JsonObject? details = null)
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = message,
        };
        if (reason.Length > 0)
        {
            status["reason"] = reason;
        }

        if (details is not null)
        {
            status["details"] = details;
        }

        status["code"] = code;
        return status;
    }

    public static JsonObject Deleted(ResourceDefinition definition, string name, string uid)
    {
        var details = Details(definition, name, definition.Plural);
        details["uid"] = uid;
        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }

    public static JsonObject NotFound(ResourceDefinition definition, string name) => Failure(
        404, "NotFound", $"{definition.QualifiedPlural} \"{name}\" not found", Details(definition, name, definition.Plural));

    public static JsonObject AlreadyExists(ResourceDefinition definition, string name) => Failure(
        409, "AlreadyExists", $"{definition.QualifiedPlural} \"{name}\" already exists",
        Details(definition, name, definition.Plural));

    public static JsonObject Conflict(ResourceDefinition definition, string name, string why) => Failure(
        409, "Conflict", $"Operation cannot be fulfilled on {definition.QualifiedPlural} \"{name}\": {why}",
        Details(definition, name, definition.Plural));

    public static JsonObject Modified(ResourceDefinition definition, string name) => Conflict(
        definition, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static JsonObject ApplyConflict(string message, IEnumerable<JsonObject> causes) => Failure(
        409, "Conflict", message, new JsonObject { ["causes"] = new JsonArray([.. causes]) });

    public static JsonObject Forbidden(ResourceDefinition definition, string name, string why) => Failure(
        403, "Forbidden", $"{definition.QualifiedPlural} \"{name}\" is forbidden: {why}",
        Details(definition, name, definition.Plural));

    public static JsonObject BadRequest(string message) => Failure(400, "BadRequest", message);

    public static JsonObject Invalid(ResourceDefinition definition, string name, IReadOnlyCollection<FieldError> errors) =>
        Invalid(definition.QualifiedKind, Details(definition, name, definition.Kind), name, errors);

    /// <summary>As the server words refused patches and options: by a kind, or by none at all.</summary>
    public static JsonObject Invalid(string kind, JsonObject details, string name, IReadOnlyCollection<FieldError> errors)
    {
        var messages = errors.Select(e => e.ToString()).Distinct().ToList();
        var summary = messages is [var only] ? only : $"[{string.Join(", ", messages)}]";
        details["causes"] = new JsonArray([.. errors.Distinct().Select(Cause)]);
        return Failure(422, "Invalid", $"{kind} \"{name}\" is invalid: {summary}", details);
    }

    public static JsonObject UnsupportedMediaType(params IEnumerable<string> accepted) => Failure(
        415, "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: " + string.Join(", ", accepted));

    public static JsonObject NotAcceptable() => Failure(
        406, "NotAcceptable", "only the following media types are accepted: application/json");

    public static JsonObject MethodNotAllowed() => Failure(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static JsonObject Unauthorized() => Failure(401, "Unauthorized", "Unauthorized");

    public static JsonObject Expired(string message, string? freshToken = null)
    {
        var status = Failure(410, "Expired", message);
        if (freshToken is not null)
        {
            status["metadata"] = new JsonObject { ["continue"] = freshToken };
        }

        return status;
    }

    public static JsonObject TooLargeResourceVersion(long wanted, long current)
    {
        var cause = new JsonObject
        {
            ["reason"] = "ResourceVersionTooLarge",
            ["message"] = "Too large resource version",
        };
        var details = new JsonObject { ["causes"] = new JsonArray(cause), ["retryAfterSeconds"] = 1 };
        return Failure(504, "Timeout", $"Timeout: Too large resource version: {wanted}, current: {current}", details);
    }

    private static JsonObject Details(ResourceDefinition definition, string name, string kind)
    {
        var details = new JsonObject();
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (definition.Group.Length > 0)
        {
            details["group"] = definition.Group;
        }

        details["kind"] = kind;
        return details;
    }

    private static JsonObject Cause(FieldError error) => new()
    {
        ["reason"] = error.Reason,
        ["message"] = error.Message,
        ["field"] = error.Field,
    };
}
