using System.Text.Json;

namespace ClusterGrains.Datasets;

/// <summary>Bodies of <c>POST /_aliases</c>: several actions, one change of the cluster's state.</summary>
internal static class AliasActions
{
    public const string IsWriteIndex = "is_write_index";

    /// <summary>From one index to another, or only to it.</summary>
    /// <param name="mustExist">Whether the engine is to refuse it all when the alias is not on <paramref name="from"/>.</param>
    public static ReadOnlyMemory<byte> Swap(string alias, AliasTarget? from, string to, bool mustExist) => Write(json =>
    {
        if (from is not null)
        {
            Action(json, "remove", from.Index, alias, () =>
            {
                if (mustExist)
                {
                    json.WriteBoolean("must_exist", true);
                }
            });
        }

        Action(json, "add", to, alias, () =>
        {
            Properties(json, from?.Properties ?? "");
            json.WriteBoolean(IsWriteIndex, true);
        });
    });

    /// <summary>Whatever private load aliases there are when it happens, afterwards there is this one, or none.</summary>
    public static ReadOnlyMemory<byte> PointLoadAlias(string index, string? alias) => Write(json =>
    {
        Action(json, "remove", index, index + ".a*", () => { });
        if (alias is not null)
        {
            Action(json, "add", index, alias, () => { });
        }
    });

    private static byte[] Write(Action<Utf8JsonWriter> actions)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("actions");
            actions(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Action(Utf8JsonWriter json, string verb, string index, string alias, Action more)
    {
        json.WriteStartObject();
        json.WriteStartObject(verb);
        json.WriteString("index", index);
        json.WriteString("alias", alias);
        more();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Properties(Utf8JsonWriter json, string properties)
    {
        if (properties.Length == 0)
        {
            return;
        }

        using var document = JsonDocument.Parse(properties, new JsonDocumentOptions { MaxDepth = 256 });
        foreach (var property in document.RootElement.EnumerateObject())
        {
            property.WriteTo(json);
        }
    }
}
