namespace ClusterGrains.Sandbox.Kubernetes.Schemas;

/// <summary>One field the API refuses. Reasons and messages are those of Kubernetes' field validation.</summary>
internal sealed record FieldError(string Reason, string Field, string Message)
{
    public override string ToString() => $"{Field}: {Message}";

    public static FieldError Required(string field, string detail = "") =>
        new("FieldValueRequired", field, detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    /// <param name="value">As Go prints it: strings quoted, numbers plain.</param>
    public static FieldError Invalid(string field, string value, string detail) =>
        new("FieldValueInvalid", field, $"Invalid value: {value}: {detail}");

    public static FieldError WrongType(string field, string actual, string expected) =>
        new("FieldValueTypeInvalid", field,
            $"Invalid value: \"{actual}\": {field} in body must be of type {expected}: \"{actual}\"");

    public static FieldError NotSupported(string field, string value, IEnumerable<string> supported) =>
        new("FieldValueNotSupported", field, $"Unsupported value: {value}: supported values: {string.Join(", ", supported)}");

    public static FieldError Duplicate(string field, string value) =>
        new("FieldValueDuplicate", field, $"Duplicate value: {value}");

    public static FieldError TooLong(string field, long maximum) =>
        new("FieldValueTooLong", field, $"Too long: may not be more than {maximum} bytes");

    public static FieldError TooMany(string field, int actual, long maximum) =>
        new("FieldValueTooMany", field, $"Too many: {actual}: must have at most {maximum} items");

    public static FieldError Forbidden(string field, string detail) =>
        new("FieldValueForbidden", field, $"Forbidden: {detail}");
}
