using System.Diagnostics;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Tidy;
using YamlDotNet.RepresentationModel;

namespace ClusterGrains.Tests.Sandbox;

/// <summary><c>docker-compose.yml</c>, and the script that runs the same processes without containers.</summary>
public sealed class ComposeTests
{
    private const string Folder = "Sandbox/compose";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_script_starts_what_the_compose_file_starts_with_the_same_settings_in_the_same_order()
    {
        var services = (YamlMappingNode)Document()["services"];
        var script = House.Read($"{Folder}/processes.sh");

        foreach (var silo in (string[])["silo-1", "silo-2"])
        {
            var files = ((YamlSequenceNode)services[silo]["env_file"]).Select(file => Path.GetFileName(file.ToString()));
            Assert.Contains($"start {silo} Silo {string.Join(' ', files)} --", script, StringComparison.Ordinal);
        }

        var arguments = ((YamlSequenceNode)services["sandbox"]["command"]).Select(argument => argument.ToString());
        Assert.Equal(["--no-silo", "--data", "sandbox-data"], arguments);
        Assert.Contains("start sandbox Sandbox -- --no-silo --data \"$data\"", script, StringComparison.Ordinal);
        Assert.Contains("\ndata=sandbox-data\n", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_of_the_composed_silos_is_one_that_there_is_with_a_value_that_it_takes()
    {
        foreach (var file in House.Files.Where(file => file.StartsWith($"{Folder}/", StringComparison.Ordinal) && file.EndsWith(".env", StringComparison.Ordinal)))
        {
            foreach (var line in House.Read(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
            {
                var (name, value) = line.Split('=', 2) is [var key, var text] ? (key.Replace("__", ":", StringComparison.Ordinal), text) : (line, "");
                var setting = Assert.Single(
                    Setting.All, known => known.Name == name || (known.IsList && name.StartsWith($"{known.Name}:", StringComparison.Ordinal)));
                Assert.True(setting.Normalise(value) is not null, $"{file}: {line}");
            }
        }
    }

    [Fact]
    public void What_Dockerfile_copies_is_there_and_is_let_in()
    {
        var ignore = House.Read(".dockerignore").Split('\n');
        Assert.Equal("*", ignore[0]);
        var copied = House.Read("Dockerfile").Split('\n')
            .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]);

        foreach (var path in copied)
        {
            var top = path.Split('/')[0];
            Assert.NotEmpty(Directory.EnumerateFileSystemEntries(House.Root, top));
            Assert.Contains(ignore, line => line.StartsWith('!') && Matches(line[1..].Split('/')[0], top));
        }
    }

    [Fact]
    public async Task Docker_compose_takes_the_file()
    {
        var client = Client();
        Assert.SkipWhen(client is null, "There is no docker-compose on this machine.");
        using var compose = Process.Start(new ProcessStartInfo(client!, ["config", "--quiet"])
        {
            WorkingDirectory = House.Root,
            RedirectStandardError = true,
        })!;

        var errors = await compose.StandardError.ReadToEndAsync(Cancellation);
        await compose.WaitForExitAsync(Cancellation);

        Assert.True(compose.ExitCode == 0, errors);
    }

    private static YamlMappingNode Document()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(House.Read("docker-compose.yml")));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static bool Matches(string pattern, string name) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    private static string? Client() => Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "docker-compose")).FirstOrDefault(File.Exists);
}
