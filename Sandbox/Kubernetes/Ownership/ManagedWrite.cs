using ClusterGrains.Sandbox.Kubernetes.Definitions;

namespace ClusterGrains.Sandbox.Kubernetes.Ownership;

/// <summary>Who writes what and when, as far as field ownership is concerned.</summary>
/// <param name="Subresource">Empty for the object itself, or <c>status</c>.</param>
/// <param name="Time">RFC 3339, whole seconds.</param>
internal sealed record ManagedWrite(ResourceDefinition Definition, string Manager, string Subresource, string Time)
{
    public FieldManager Fields(bool applies, FieldSet fields, string? time) =>
        new(Manager, applies, Definition.ApiVersion, Subresource, time, fields);
}
