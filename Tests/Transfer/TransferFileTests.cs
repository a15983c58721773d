using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ClusterGrains.Hosting;
using ClusterGrains.Storage;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Storage;

namespace ClusterGrains.Tests.Transfer;

/// <summary>The file of an export: what it is, and that nothing but a whole one is imported.</summary>
public sealed class TransferFileTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SqliteStore _target = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Golden => Path.Combine(AppContext.BaseDirectory, "Transfer", "Golden", "transfer-1.ndjson");

    private string Export => Path.Combine(_folder.Path, "export.ndjson.gz");

    [Fact]
    public async Task What_is_written_today_is_the_newest_golden_export()
    {
        using var source = new SqliteStore();
        await source.Open();
        await source.Add(Row("empty", new SampleState { Name = "empty" }.Index, "{}"));
        await source.Add(Row("full", Full, """{"a":"Zeile 1\n","b":"<ä>"}"""));
        await source.Add(Row("plain", null, "null"));
        await source.Reminders.UpsertRow(Reminder, Cancellation);
        source.Close();

        await Run(0, TransferHost.Export, source.Settings);

        // Where it came from and when are its own.
        var lines = Lines()[1..].Prepend(Header(1)).ToArray();
        var actual = string.Join('\n', lines) + "\n";
        if (!File.Exists(Golden) || await File.ReadAllTextAsync(Golden, Cancellation) != actual)
        {
            await File.WriteAllTextAsync(Golden + ".actual", actual, Cancellation);
            Assert.Fail($"Today's export differs from the newest golden one. Compare {Golden} with {Golden}.actual.");
        }
    }

    [Fact]
    public async Task Every_golden_export_is_imported()
    {
        Write(await File.ReadAllLinesAsync(Golden, Cancellation));

        await Run(0, TransferHost.Import, _target.Settings);

        await _target.Open();
        var (states, reminders) = await _target.All();
        Assert.Equal(
            [Row("empty", new SampleState { Name = "empty" }.Index, "{}"), Row("full", Full, """{"a":"Zeile 1\n","b":"<ä>"}"""), Row("plain", null, "null")],
            states);
        Assert.Equal([(Reminder.GrainId, Reminder.ReminderName, Reminder.StartAt, Reminder.Period)], reminders);
    }

    [Fact]
    public async Task The_checksum_is_that_of_the_lines_between_the_first_and_the_last()
    {
        var lines = await File.ReadAllLinesAsync(Golden, Cancellation);

        var sum = SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines[1..^1].Select(line => line + "\n"))));

        Assert.Contains($"\"sha256\":\"{Convert.ToHexStringLower(sum)}\"", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_but_a_whole_export_is_imported_and_the_storage_is_not_touched()
    {
        var golden = await File.ReadAllLinesAsync(Golden, Cancellation);
        (string Told, Func<string[], IEnumerable<string>> Spoil)[] cases =
        [
            ("header.version 2; this version reads up to 1. Import it with the version that exported it, or a newer one.", lines => [Header(2), .. lines[1..]]),
            ("line 1: header.format is 'something' and not 'clustergrains-storage'", lines => [Header(1).Replace("clustergrains-storage", "something", StringComparison.Ordinal), .. lines[1..]]),
            ("line 1: it is none of an export", lines => lines[1..]),
            ("it ends there, without the line 'end'", lines => lines[..^1]),
            ("line 0: it ends there", _ => []),
            ("line 5: end says 3 states and 1 reminders, and there are 2 and 1.", lines => [.. lines[..2], .. lines[3..]]),
            ("end.sha256 is ", lines => [.. lines[..2], lines[2].Replace("Zeile 1", "Zeile 2", StringComparison.Ordinal), .. lines[3..]]),
            ("end.sha256 is ", lines => [lines[0], lines[2], lines[1], .. lines[3..]]),
            ("line 3: ", lines => [.. lines[..2], lines[2].Replace("\"phase\"", "\"phrase\"", StringComparison.Ordinal), .. lines[3..]]),
            ("line 3: ", lines => [.. lines[..2], lines[2][..20], .. lines[3..]]),
            ("line 5: ", lines => [.. lines[..4], lines[4].Replace("2026-11-22T", "yesterday ", StringComparison.Ordinal), lines[5]]),
            ("something follows the line 'end'", lines => [.. lines, lines[1]]),
        ];
        foreach (var (told, spoil) in cases)
        {
            Write(spoil(golden));
            Assert.Contains(told, await Run(1, TransferHost.Import, _target.Settings), StringComparison.Ordinal);
        }

        var bytes = Compressed(golden);
        foreach (var spoiled in (byte[][])[bytes[..^40], Encoding.UTF8.GetBytes(string.Join('\n', golden)), []])
        {
            await File.WriteAllBytesAsync(Export, spoiled, Cancellation);
            Assert.StartsWith($"{Export}, line ", await Run(1, TransferHost.Import, _target.Settings), StringComparison.Ordinal);
        }

        Assert.False(File.Exists(_target.Path));
    }

    [Theory]
    [InlineData("nextDue = 'soon'", "the columns nextDue of the state 'state' of grain 'sample/default/full' cannot be read. Start a silo once")]
    [InlineData("kind = NULL", "the columns kind of the state 'state' of grain 'sample/default/full' cannot be read. Start a silo once")]
    [InlineData("document = x'00'", "document of the state 'state' of grain 'sample/default/full' cannot be read. Correct that row")]
    public async Task What_cannot_be_read_is_told_and_not_moved_as_if_it_were_empty(string spoilt, string told)
    {
        using var source = new SqliteStore();
        await source.Open();
        await source.Add(Row("full", Full, "{}"));
        source.Close();
        source.Spoil($"UPDATE state SET {spoilt}");

        Assert.Contains(told, await Run(1, TransferHost.Export, source.Settings), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_overwritten()
    {
        using var source = new SqliteStore();
        await source.Open();
        source.Close();
        await File.WriteAllTextAsync(Export, "mine", Cancellation);

        var refusal = await Run(1, TransferHost.Export, source.Settings);

        Assert.Equal($"{Export} is there already. Name another file, or delete that one.\n", refusal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Export, Cancellation));
        Assert.Equal([Export], Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public async Task Only_its_owner_may_read_it()
    {
        using var source = new SqliteStore();
        await source.Open();
        source.Close();

        await Run(0, TransferHost.Export, source.Settings);

        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other rights.");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Export));
        }
    }

    [Fact]
    public async Task What_the_user_did_not_say_well_is_told_with_the_cure()
    {
        (string[] Args, string Told)[] cases =
        [
            (["export"], "Name one file: export <file> [--Section:Name=value …]."),
            (["import", "--Storage:Provider=Sqlite"], "Name one file: import <file>"),
            (["export", Export, "--Storage:Sqlite:Path=nowhere/at-all.db"], "Let Storage:Sqlite:Path name the silo's file."),
            (["export", Export, "--Storage:Provider=MongoDb"], "Storage:MongoDb:ConnectionString is empty."),
            (["import", Export, "--Storage:Sqlite:Pth=x"], "Storage:Sqlite:Pth is not a setting; did you mean Storage:Sqlite:Path?"),
            (["import", Export, .. _target.Settings], $"There is no {Export}. Name a file that export wrote."),
        ];
        foreach (var (args, told) in cases)
        {
            using var output = new StringWriter(CultureInfo.InvariantCulture);
            Assert.Equal(1, await TransferHost.Run(args, TextWriter.Null, output, Cancellation));
            Assert.Contains(told, output.ToString(), StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        _target.Dispose();
        _folder.Dispose();
    }

    private static IndexRow Full => new SampleState
    {
        Name = "full",
        Revision = long.MaxValue,
        Claim = "uuid/full",
        Summary = """{"verdict":"Healthy"}""",
        NextDue = new DateTimeOffset(2026, 11, 22, 18, 45, 0, TimeSpan.Zero).AddTicks(1234567),
        LateAt = new DateTimeOffset(2026, 11, 22, 18, 50, 0, TimeSpan.Zero),
        CreatedAt = new DateTimeOffset(2026, 11, 1, 2, 30, 0, TimeSpan.Zero),
        Silo = "10.0.0.1:11111@131",
    }.Index;

    private static ReminderEntry Reminder => new()
    {
        GrainId = GrainId.Create("sample", "default/full"),
        ReminderName = "turn",
        StartAt = new DateTime(2026, 11, 22, 18, 41, 34, DateTimeKind.Utc).AddTicks(1234567),
        Period = TimeSpan.FromMinutes(5),
    };

    private static StateRow Row(string name, IndexRow? index, string document) =>
        new(new StateKey($"sample/default/{name}", "state"), $"etag-{name}", 1, index, document);

    private static string Header(int version) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"header":{"format":"clustergrains-storage","version":{{{version}}},"from":"state.db","exportedAt":"2026-11-22T18:45:00+00:00"}}""");

    private async Task<string> Run(int expected, string verb, string[] settings)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var code = await TransferHost.Run([verb, Export, .. settings], output, output, Cancellation);
        Assert.True(code == expected, output.ToString());
        return output.ToString();
    }

    private string[] Lines()
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(Export), CompressionMode.Decompress));
        return text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private void Write(IEnumerable<string> lines) => File.WriteAllBytes(Export, Compressed(lines));

    private static byte[] Compressed(IEnumerable<string> lines)
    {
        using var bytes = new MemoryStream();
        using (var text = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            text.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        }

        return bytes.ToArray();
    }
}
