using System.CommandLine;
using System.Text.Json;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Profiles;

/// <summary>The profiles in the user's configuration folder. Other accounts can neither read nor change them: who changes one sends the user's key to
/// another relay.</summary>
/// <param name="path">Empty: the account has no place for it, and no profiles.</param>
internal sealed class ProfileFile(string path)
{
    private const string FolderVariable = "XDG_CONFIG_HOME";
    private const int MaximumBytes = 1 << 20;
    private const UnixFileMode Others = (UnixFileMode)0b000_111_111;

    private readonly DurableFiles _files = new();

    public string Path { get; } = path;

    /// <summary>The file of this user: of XDG_CONFIG_HOME where it is set.</summary>
    /// <param name="parsed">The command line of the command that runs; null: none does.</param>
    public static ProfileFile OfUser(ParseResult? parsed) => new(FindPath(
        CommandInvocation.FindVariable(parsed, FolderVariable),
        OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
            : System.IO.Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config")));

    /// <summary>The path of the file; empty for an account without a home folder: a path in the working directory would be that of others.</summary>
    /// <param name="configured">The folder that the environment names.</param>
    /// <param name="home">The configuration folder in the home folder.</param>
    internal static string FindPath(string? configured, string home) =>
        ((string?[])[configured, home]).FirstOrDefault(path => path is not null && System.IO.Path.IsPathFullyQualified(path)) is { } folder
            ? System.IO.Path.Combine(folder, "relay", "profiles.json")
            : "";

    /// <exception cref="CommandException">The file cannot be read as profiles, or others may read or change it.</exception>
    public ProfileList Read()
    {
        if (!File.Exists(Path))
        {
            return new();
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(Path) & Others) != 0)
        {
            throw new CommandException(DisplayText.Format(
                $"Other accounts may read or change {Path}, which names your relays: give it back to you alone by 'chmod 600', and look at it."));
        }

        try
        {
            return JsonSerializer.Deserialize(BoundedFile.Read(Path, MaximumBytes, "profiles"), ProfileJson.Default.ProfileList) ?? new();
        }
        catch (JsonException e)
        {
            throw new CommandException(DisplayText.Format($"{Path} is no file of profiles: {JsonErrorText.Describe(e)}. Correct it, or delete it."));
        }
    }

    /// <summary>Changes the file as a whole; another command waits meanwhile.</summary>
    /// <exception cref="CommandException">The file cannot be read as profiles, or the account has no place for it.</exception>
    public async Task ChangeAsync(Func<ProfileList, ProfileList> change, CancellationToken cancellationToken)
    {
        if (Path.Length == 0)
        {
            throw new CommandException($"This account has no home folder for profiles: set {FolderVariable} to a folder of yours alone.");
        }

        _files.CreateFolder(System.IO.Path.GetDirectoryName(Path)!, DurableFiles.OwnerFolder);
        using FileLock held = await FileLock.AcquireAsync(Path + ".lock", new LockWait(), cancellationToken);
        ProfileList changed = change(Read());
        _files.Replace(Path, JsonSerializer.SerializeToUtf8Bytes(changed, ProfileJson.Default.ProfileList), DurableFiles.OwnerFile);
    }
}
