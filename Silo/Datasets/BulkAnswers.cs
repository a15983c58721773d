using System.Collections.Immutable;
using System.Text.Json;
using ClusterGrains.Clusters;

namespace ClusterGrains.Datasets;

/// <summary>Reads what <c>_bulk</c> answers, in one pass and without a document: a success costs a few comparisons per item.</summary>
/// <param name="redact">Takes our credentials out of what the cluster wrote.</param>
internal sealed class BulkAnswers(Func<string, string> redact)
{
    /// <summary>The items are believed, not the flag before them: each one must be there and say its status.</summary>
    /// <returns>Null for anything else than an answer to that many items.</returns>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public BulkAnswer? Read(ReadOnlySpan<byte> json, int items)
    {
        var reader = new Utf8JsonReader(json);
        var failed = new List<BulkItem>(0);
        var count = -1;
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("items"u8);
            reader.Read();
            if (found && reader.TokenType is JsonTokenType.StartArray)
            {
                count = Items(ref reader, failed);
            }
            else
            {
                reader.Skip();
            }
        }

        return count == items ? Answer(failed) : null;
    }

    /// <summary>What is no document's fault is the request's.</summary>
    private static BulkAnswer Answer(List<BulkItem> failed)
    {
        if (failed.Count == 0)
        {
            return BulkAnswer.AllTaken;
        }

        var denied = failed.Find(item => new ServerError(item.Status, item.Type, item.Reason).IsDenied);
        return denied is null
            ? new BulkAnswer(BulkResult.Taken, [.. failed])
            : new BulkAnswer(BulkResult.Refused, [], Reason: new ServerError(denied.Status, denied.Type, denied.Reason).ToString());
    }

    /// <summary>How many items there are; -1 when one of them is none.</summary>
    private int Items(ref Utf8JsonReader reader, List<BulkItem> failed)
    {
        var position = 0;
        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            // {"index":{…}}
            reader.Read();
            if (reader.TokenType is not JsonTokenType.PropertyName || !reader.Read() || Item(ref reader) is not { } error)
            {
                return -1;
            }

            reader.Read();
            if (error.Status is < 200 or > 299)
            {
                failed.Add(new BulkItem(position, error.Meaning, error.Status, error.Type, error.Reason));
            }

            position++;
        }

        return reader.TokenType is JsonTokenType.EndArray ? position : -1;
    }

    private ServerError? Item(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            return null;
        }

        var status = 0;
        var error = new ServerError(0, "", "");
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("status"u8))
            {
                reader.Read();
                _ = reader.TokenType is JsonTokenType.Number && reader.TryGetInt32(out status);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();

                // Whole: errors are rare.
                error = ServerError.From(0, JsonElement.ParseValue(ref reader), redact);
            }
            else
            {
                reader.Skip();
            }
        }

        return status == 0 ? null : error with { Status = status };
    }
}
