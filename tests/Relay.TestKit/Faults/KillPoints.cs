using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Shared.Platform.Files;

namespace Relay.TestKit.Faults;

/// <summary>
/// What SIGKILL leaves of a folder at each single file operation of a command. A kill takes nothing back that the kernel has, so the files
/// are those of that moment: one run in this process copies them at each operation. Processes that are killed at some renames (at each
/// operation with <c>./test --long</c>) show that the copies are what a kill leaves.
/// </summary>
/// <param name="folder">The folder that the command changes, as it is before the command.</param>
/// <param name="runHere">Runs the command in this process and calls back at each operation.</param>
/// <param name="runAProcess">Runs it in a process that is killed at a step, as <see cref="DoomedRun.SurvivesAsync"/> does.</param>
internal sealed partial class KillPoints(string folder, Func<Action<FileStep>, Task> runHere, Func<string, Task<bool>> runAProcess)
{
    private const int RealKills = 2;
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RELAY_TEST_LONG") is "1";

    /// <summary>Calls <paramref name="check"/> with the folder in each state that a kill leaves, and last as the finished command does.</summary>
    /// <returns>The number of states, the finished one included.</returns>
    /// <exception cref="InvalidOperationException">A kill leaves other files than were copied, or the command has too few operations.</exception>
    public async Task<int> ForEachAsync(Func<Task> check)
    {
        using TemporaryFolder copies = new();
        string CopyOf(int state) => copies.Combine(state.ToString(CultureInfo.InvariantCulture));
        TemporaryFolder.Mirror(folder, CopyOf(0));

        List<FileStep> steps = [];
        await runHere(step =>
        {
            steps.Add(step);
            CopyWhileOpen(folder, CopyOf(steps.Count));
        });
        int finished = steps.Count + 1;
        TemporaryFolder.Mirror(folder, CopyOf(finished));

        // A flush changes no file: what a kill leaves after it is what one leaves before it, and is checked once.
        HashSet<string> seen = [];
        for (int state = 1; state <= finished; state++)
        {
            if (seen.Add(Content(CopyOf(state))))
            {
                TemporaryFolder.Mirror(CopyOf(state), folder);
                await check();
            }
        }

        int[] renames = [.. Enumerable.Range(0, steps.Count).Where(i => steps[i].IsRename)];
        Require(renames.Length > 0, "the command renames nothing");
        for (int i = 0; i < renames.Length; i += IsLong ? 1 : (renames.Length + RealKills - 1) / RealKills)
        {
            await KillAsync($"rename:{i + 1}");
            Require(Names(CopyOf(renames[i] + 1)).SequenceEqual(Names(folder)), $"rename {i + 1}: the copy has other files than a kill leaves");
            await check();
        }

        for (int step = 1; IsLong && step < finished; step++)
        {
            await KillAsync(step.ToString(CultureInfo.InvariantCulture));
            await check();
        }

        return finished;

        async Task KillAsync(string step)
        {
            TemporaryFolder.Mirror(CopyOf(0), folder);
            Require(!await runAProcess(step), $"step {step} was not reached");
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    // Names, modes and bytes of all files and folders, as a digest.
    private static string Content(string folder)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            byte[] content = entry is FileInfo ? SHA256.HashData(File.ReadAllBytes(entry.FullName)) : [];
            string name = $"{Path.GetRelativePath(folder, entry.FullName)} {entry.UnixFileMode} {Convert.ToHexStringLower(content)}";
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // By a program of its own: .NET does not open a file that its writer holds for itself.
    private static void CopyWhileOpen(string from, string to)
    {
        using Process copy = Process.Start("cp", ["-a", from, to]);
        copy.WaitForExit();
        Require(copy.ExitCode == 0, $"cp ended with {copy.ExitCode}");
    }

    // Signatures differ from run to run, and with them the digests in file names.
    private static IEnumerable<string> Names(string folder) => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
        .Select(path => Digest().Replace(Path.GetRelativePath(folder, path), "*")).Order(StringComparer.Ordinal);

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Digest();
}
