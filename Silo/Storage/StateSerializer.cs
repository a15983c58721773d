using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Orleans.Storage;

namespace ClusterGrains.Storage;

/// <summary>
/// State documents, by the source-generated contexts that the concepts register:
/// <c>services.AddSingleton&lt;JsonSerializerContext&gt;(ResourceJson.Default)</c>. A context's own options hold for
/// its types; no document names a CLR type.
/// </summary>
internal sealed class StateSerializer(IEnumerable<JsonSerializerContext> contexts) : IGrainStorageSerializer
{
    private readonly JsonSerializerOptions[] _contexts = [.. contexts.Select(WithInitialValues)];

    /// <exception cref="InvalidOperationException">No context knows the type.</exception>
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, TypeInfo<T?>()));

    /// <exception cref="InvalidOperationException">No context knows the type.</exception>
    /// <exception cref="JsonException">The document is not one of this type.</exception>
    public T? Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize(input.ToMemory().Span, TypeInfo<T?>());

    private JsonTypeInfo<T> TypeInfo<T>()
    {
        foreach (var context in _contexts)
        {
            if (context.TryGetTypeInfo(typeof(T), out var known))
            {
                return (JsonTypeInfo<T>)known;
            }
        }

        throw new InvalidOperationException(
            $"No registered JsonSerializerContext knows the state type {typeof(T)}. Add [JsonSerializable(typeof("
            + $"{typeof(T).Name}))] to a context and register it: services.AddSingleton<JsonSerializerContext>(…).");
    }

    private static JsonSerializerOptions WithInitialValues(JsonSerializerContext context) =>
        new(context.Options) { TypeInfoResolver = context.WithAddedModifier(KeepInitialValues) };

    /// <summary>
    /// Source-generated code fills init-only properties that a document lacks with null or zero, past their
    /// initializers: an old row would then bring nulls into properties added since. Constructed first and set after,
    /// they keep their initial values.
    /// </summary>
    private static void KeepInitialValues(JsonTypeInfo type)
    {
        if (type.Kind is not JsonTypeInfoKind.Object || type.Type.GetConstructor(Type.EmptyTypes) is null)
        {
            return;
        }

        type.CreateObject = () => Activator.CreateInstance(type.Type)!;
        foreach (var property in type.Properties)
        {
            if (property is { Set: not null, AttributeProvider: PropertyInfo declared })
            {
                property.Set = declared.SetValue;
            }
        }
    }
}
