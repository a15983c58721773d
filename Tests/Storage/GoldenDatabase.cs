using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace ClusterGrains.Tests.Storage;

/// <summary>
/// Databases as text: what some version wrote, checked in, so that every later version is tried on it. A golden file is
/// never edited; a change of layout or document adds another.
/// </summary>
internal static class GoldenDatabase
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Storage", "Golden");

    /// <summary>The names of all golden files that begin with <paramref name="family"/>, oldest first.</summary>
    public static IEnumerable<string> Names(string family) =>
        Directory.EnumerateFiles(Folder, $"{family}-*.sql").Select(Path.GetFileName).Order(StringComparer.Ordinal)!;

    /// <summary>
    /// The family's newest golden file is exactly the dump of <paramref name="test"/>. When not, what should be checked
    /// in instead (unreleased) or beside it under the next number (released) is left in the output folder.
    /// </summary>
    public static void AssertNewest(string family, TestDatabase test)
    {
        var newest = Path.Combine(Folder, Names(family).LastOrDefault($"{family}-1.sql"));
        var (expected, actual) = (File.Exists(newest) ? File.ReadAllText(newest) : "", Dump(test));
        if (expected != actual)
        {
            File.WriteAllText(newest + ".actual", actual);
            Assert.Fail($"Today's rows differ from the newest golden ones. Compare {newest} with {newest}.actual.");
        }
    }

    /// <summary>A database with the rows of a golden file, opened by today's code.</summary>
    public static TestDatabase Open(string name, params JsonSerializerContext[] contexts)
    {
        var test = new TestDatabase(contexts: contexts);
        test.Scalar(File.ReadAllText(Path.Combine(Folder, name)));
        return test.Open();
    }

    /// <summary>Layout and rows as a script that makes them again. ETags, random by nature, are numbered.</summary>
    public static string Dump(TestDatabase test) => test.Raw(connection =>
    {
        var script = new StringBuilder();
        foreach (var pragma in (string[])["application_id", "user_version"])
        {
            var value = Query(connection, $"PRAGMA {pragma}")[0][0];
            script.Append(CultureInfo.InvariantCulture, $"PRAGMA {pragma} = {value};\n");
        }

        const string schema = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid";
        foreach (var statement in Query(connection, schema))
        {
            script.Append(CultureInfo.InvariantCulture, $"{statement[0]};\n");
        }

        foreach (var table in Query(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid"))
        {
            DumpRows(connection, (string)table[0], script);
        }

        return script.ToString();
    });

    private static void DumpRows(SqliteConnection connection, string table, StringBuilder script)
    {
        var columns = Query(connection, $"SELECT name FROM pragma_table_info('{table}')")
            .ConvertAll(column => (string)column[0]);
        var etag = 0;
        foreach (var row in Query(connection, $"SELECT * FROM {table} ORDER BY 1, 2"))
        {
            var values = columns.Zip(row, (column, value) => column == "etag" ? $"'etag-{++etag}'" : Literal(value));
            script.Append(
                CultureInfo.InvariantCulture,
                $"INSERT INTO {table} ({string.Join(", ", columns)})\nVALUES ({string.Join(", ", values)});\n");
        }
    }

    private static string Literal(object value) => value switch
    {
        DBNull => "NULL",
        string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static List<object[]> Query(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }
}
