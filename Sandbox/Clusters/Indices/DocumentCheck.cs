using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>Whether a document fits a mapping. New fields are added to it where it is dynamic.</summary>
internal sealed class DocumentCheck(IndexMapping mapping, PretendEngine engine)
{
    private const int LongestName = 512;
    private const int LongestTerm = 32_766;

    /// <summary>Why the document cannot be indexed; null when it can.</summary>
    public EngineError? Refuse(string id, ReadOnlySpan<byte> source)
    {
        var reader = new Utf8JsonReader(source, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return Unreadable(new EngineError(400, "not_x_content_exception", "Malformed content, must start with an object"));
            }

            if (Object(ref reader, mapping.Root, "", mapping.Root.Dynamic ?? "true", id) is { } error)
            {
                return error;
            }

            return reader.Read() || !Utf8.IsValid(source)
                ? Unreadable(IndexErrors.Json("Invalid UTF-8 or content after the document"))
                : null;
        }
        catch (JsonException broken)
        {
            return Unreadable(IndexErrors.Json(broken.Message));
        }
        catch (EngineException tooMany)
        {
            return tooMany.Error;
        }
    }

    private EngineError? Object(ref Utf8JsonReader reader, Field parent, string path, string dynamic, string id)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (name, field) = Property(ref reader, parent);
            reader.Read();
            if (field is null)
            {
                // Only now a text for the name is worth its price.
                name ??= "";
                if (reader.TokenType == JsonTokenType.Null)
                {
                    continue;
                }

                if (dynamic == "strict")
                {
                    return Strict(ref reader, name, path);
                }

                field = dynamic == "true" ? Add(ref reader, parent, name) : null;
            }

            if (field is null)
            {
                reader.Skip();
            }
            else if (Value(ref reader, field, path, name, dynamic, id) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>The field; for one that is not mapped its name, too.</summary>
    private static (string? Name, Field? Field) Property(ref Utf8JsonReader reader, Field parent)
    {
        if (reader.ValueSpan.Length <= LongestName)
        {
            Span<char> name = stackalloc char[LongestName];
            var length = reader.CopyString(name);
            var fields = parent.Properties.GetAlternateLookup<ReadOnlySpan<char>>();
            if (fields.TryGetValue(name[..length], out var actual, out var field))
            {
                return (actual, field);
            }
        }

        return (reader.GetString(), null);
    }

    private EngineError? Value(
        ref Utf8JsonReader reader, Field field, string path, string? name, string dynamic, string id)
    {
        if (reader.TokenType == JsonTokenType.StartArray && field.Type is not ("geo_point" or "dense_vector" or "knn_vector"))
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (Value(ref reader, field, path, name, dynamic, id) is { } error)
                {
                    return error;
                }
            }

            return null;
        }

        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (field.IsObject)
        {
            var full = Path(path, name);
            return reader.TokenType == JsonTokenType.StartObject
                ? Object(ref reader, field, full, field.Dynamic ?? dynamic, id)
                : Located(ref reader, $"object mapping for [{full}] tried to parse field [{name}] as object, but found a concrete value");
        }

        var problem = FieldValue.Refuse(ref reader, field);
        if (problem is not null && !field.IgnoresMalformed)
        {
            return Malformed(ref reader, Path(path, name), field, problem, id);
        }

        return reader.TokenType == JsonTokenType.String && field is { Type: "keyword", IgnoresLongTexts: false }
            && Length(ref reader) > LongestTerm
            ? IndexErrors.IllegalArgument(
                $"Document contains at least one immense term in field=\"{Path(path, name)}\" (whose UTF8 encoding is longer "
                + $"than the max length {LongestTerm}), all of which were skipped.")
            : null;
    }

    private Field? Add(ref Utf8JsonReader reader, Field parent, string name)
    {
        var type = FieldValue.Guess(ref reader);
        if (type is null)
        {
            return null;
        }

        if (mapping.Root.Size() > 1000)
        {
            throw IndexErrors.IllegalArgument(
                "Limit of total fields [1000] has been exceeded while adding new fields [1]").Thrown();
        }

        return parent.Properties.GetOrAdd(name, Field.Guess(type));
    }

    private EngineError Strict(ref Utf8JsonReader reader, string name, string path) => new(
        400,
        "strict_dynamic_mapping_exception",
        $"{Place(ref reader)}mapping set to strict, dynamic introduction of [{name}] within "
            + $"[{(path.Length == 0 ? "_doc" : path)}] is not allowed");

    private EngineError Malformed(ref Utf8JsonReader reader, string path, Field field, EngineError cause, string id) =>
        Located(
            ref reader,
            $"failed to parse field [{path}] of type [{field.Type}] in document with id '{id}'. "
                + $"Preview of field's value: '{FieldValue.Preview(ref reader)}'") with
        {
            CausedBy = cause,
        };

    private EngineError Unreadable(EngineError cause) =>
        new(400, engine.LocatesErrors ? "document_parsing_exception" : "mapper_parsing_exception", "failed to parse")
        {
            CausedBy = cause,
        };

    private EngineError Located(ref Utf8JsonReader reader, string reason) => new(
        400,
        engine.LocatesErrors ? "document_parsing_exception" : "mapper_parsing_exception",
        Place(ref reader) + reason);

    private string Place(ref Utf8JsonReader reader) => engine.LocatesErrors
        ? string.Create(CultureInfo.InvariantCulture, $"[1:{reader.TokenStartIndex + 1}] ")
        : "";

    private static string Path(string path, string? name) => path.Length == 0 ? name ?? "" : $"{path}.{name}";

    private static long Length(ref Utf8JsonReader reader) =>
        reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
}
