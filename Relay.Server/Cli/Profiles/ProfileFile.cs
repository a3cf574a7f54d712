using System.Text.Json;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Profiles;

/// <summary>The profiles in the user's configuration folder. Other accounts can neither read nor change them: who changes one sends the user's key to
/// another relay.</summary>
internal sealed class ProfileFile(string path)
{
    private const int MaximumBytes = 1 << 20;
    private const UnixFileMode Others = (UnixFileMode)0b000_111_111;

    private readonly DurableFiles _files = new();

    public string Path { get; } = path;

    /// <summary>The file of this user: of XDG_CONFIG_HOME where it is set.</summary>
    public static ProfileFile OfUser()
    {
        string folder = RelayConnection.Variable("XDG_CONFIG_HOME") is { } configured && System.IO.Path.IsPathRooted(configured)
            ? configured
            : OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
                : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return new(System.IO.Path.Combine(folder, "relay", "profiles.json"));
    }

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
    public async Task ChangeAsync(Func<ProfileList, ProfileList> change, CancellationToken cancellationToken)
    {
        _files.CreateFolder(System.IO.Path.GetDirectoryName(Path)!, DurableFiles.OwnerFolder);
        using FileLock held = await FileLock.AcquireAsync(Path + ".lock", new LockWait(), cancellationToken);
        ProfileList changed = change(Read());
        _files.Replace(Path, JsonSerializer.SerializeToUtf8Bytes(changed, ProfileJson.Default.ProfileList), DurableFiles.OwnerFile);
    }
}
