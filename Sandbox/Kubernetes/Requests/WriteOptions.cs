using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>What a write does with members the schema does not know.</summary>
internal enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}

/// <summary>The query of writes.</summary>
internal sealed record WriteOptions(string Manager, bool ManagerGiven, bool DryRun, FieldValidation Validation, bool? Force)
{
    private const int MaxManagerLength = 128;

    /// <summary>Sent back in <c>Warning</c> headers.</summary>
    public List<string> Warnings { get; } = [];

    /// <exception cref="StatusException">422: a parameter has a value it cannot have.</exception>
    public static WriteOptions Parse(IQueryCollection query, string userAgent)
    {
        var given = query["fieldManager"].ToString();
        var manager = given.Length > 0 ? given : userAgent.Split('/', 2)[0];
        if (given.Length > MaxManagerLength)
        {
            throw Refused(FieldError.TooLong("fieldManager", MaxManagerLength));
        }

        return new WriteOptions(
            manager.Length > MaxManagerLength ? manager[..MaxManagerLength] : manager,
            given.Length > 0,
            query["dryRun"].ToString() switch
            {
                "" => false,
                "All" => true,
                var other => throw Refused(FieldError.NotSupported("dryRun", $"\"{other}\"", ["\"All\""])),
            },
            query["fieldValidation"].ToString() switch
            {
                "" or "Warn" => FieldValidation.Warn,
                "Ignore" => FieldValidation.Ignore,
                "Strict" => FieldValidation.Strict,
                var other => throw Refused(FieldError.NotSupported(
                    "fieldValidation", $"\"{other}\"", ["\"\"", "\"Ignore\"", "\"Strict\"", "\"Warn\""])),
            },
            query.ContainsKey("force") ? query["force"].ToString() is "true" or "1" : null);
    }

    public static StatusException Refused(FieldError error) => new(ApiStatus.Invalid(
        "PatchOptions.meta.k8s.io", new() { ["group"] = "meta.k8s.io", ["kind"] = "PatchOptions" }, "", [error]));
}
