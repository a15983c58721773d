using System.Diagnostics;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

/// <summary>
/// The real kubectl, with a kubeconfig and a discovery cache of its own: kubectl keeps discovery for hours per host and
/// port, and ports come back.
/// </summary>
internal sealed class Kubectl : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string? Executable = Find();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kubectl");
    private readonly string _kubeconfig;

    public Kubectl(string kubeconfig)
    {
        Assert.SkipWhen(Executable is null, "kubectl is not on the PATH: its end-to-end tests did not run.");
        _kubeconfig = Path.Combine(_folder.FullName, "kubeconfig");
        System.IO.File.WriteAllText(_kubeconfig, kubeconfig);
    }

    /// <summary>Writes a file for <c>-f</c> and returns its path.</summary>
    public string File(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs to success and returns what was printed.</summary>
    public async Task<string> Run(params string[] args)
    {
        var (code, output, error) = await Try(args);
        Assert.True(code == 0, $"kubectl {string.Join(' ', args)} ended with {code}:\n{output}\n{error}");
        return output;
    }

    /// <summary>Runs to an error and returns what was said.</summary>
    public async Task<string> Fail(params string[] args)
    {
        var (code, output, error) = await Try(args);
        Assert.True(code != 0, $"kubectl {string.Join(' ', args)} succeeded:\n{output}");
        return error;
    }

    public async Task<(int Code, string Output, string Error)> Try(params string[] args)
    {
        using var process = Start(args);
        var cancellation = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation).WaitAsync(Limit, cancellation);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts it and leaves it running; the caller reads its output and kills it.</summary>
    public Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(Executable!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = _kubeconfig;
        start.Environment["HOME"] = _folder.FullName;
        start.Environment["KUBE_EDITOR"] = Path.Combine(_folder.FullName, "editor");
        start.ArgumentList.Add("--cache-dir=" + Path.Combine(_folder.FullName, "cache"));
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        return Process.Start(start)!;
    }

    /// <summary>What <c>kubectl edit</c> will do to the file it opens.</summary>
    public void EditWith(string sed)
    {
        var editor = File("editor", $"#!/bin/sh\nexec sed -i '{sed}' \"$1\"\n");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(editor, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Some installs make kubectl a dispatcher with the versions beside it.</summary>
    private static string? Find()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var plain = folders.Select(folder => Path.Combine(folder, "kubectl")).FirstOrDefault(System.IO.File.Exists);
        var home = plain is null ? null : Path.GetDirectoryName(System.IO.File.ResolveLinkTarget(plain, true)?.FullName ?? plain);
        return folders.Append(home ?? "").Select(folder => Path.Combine(folder, "kubectl.1.32")).FirstOrDefault(System.IO.File.Exists)
            ?? plain;
    }
}
