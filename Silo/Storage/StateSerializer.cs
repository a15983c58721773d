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
    private readonly JsonSerializerContext[] _contexts = [.. contexts];

    /// <exception cref="InvalidOperationException">No context knows the type.</exception>
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, TypeInfo<T?>()));

    /// <exception cref="InvalidOperationException">No context knows the type.</exception>
    /// <exception cref="JsonException">The document is not one of this type.</exception>
    public T? Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize(input.ToMemory().Span, TypeInfo<T?>());

    private JsonTypeInfo<T> TypeInfo<T>()
    {
        foreach (var context in _contexts)
        {
            if (context.GetTypeInfo(typeof(T)) is JsonTypeInfo<T> known)
            {
                return known;
            }
        }

        throw new InvalidOperationException(
            $"No registered JsonSerializerContext knows the state type {typeof(T)}. Add [JsonSerializable(typeof("
            + $"{typeof(T).Name}))] to a context and register it: services.AddSingleton<JsonSerializerContext>(…).");
    }
}
