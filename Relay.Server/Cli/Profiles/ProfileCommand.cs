using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Relay.AdminClient.Transport;
using Shared.Contracts;

namespace Relay.Server.Cli.Profiles;

/// <summary><c>relay profile</c>: names for relays, so that no command has to repeat address, key and authority.</summary>
internal static class ProfileCommand
{
    private const int MaximumAuthorityBytes = 1 << 16;

    private const string NameText = "The name of the profile.";

    public static Command Create() => new("profile", "Names relays: address, authority, and where the API key is.")
    {
        CreateAdd(), CreateList(), CreateUse(), CreateRemove(),
    };

    private static Command CreateAdd()
    {
        Argument<string> name = new("name") { Description = NameText };
        Argument<Uri> relay = new("url") { Description = "The https:// address of the relay.", CustomParser = RelayConnection.ParseAddress };
        Option<string?> variable = new("--key-variable") { Description = "The environment variable that holds the API key.", HelpName = "name" };
        Option<string?> file = new("--key-file") { Description = "The file that holds the API key.", HelpName = "file" };
        Option<string?> token = new("--token-file")
        {
            Description = "The file that holds an OpenID Connect token, which is read for each request.",
            HelpName = "file",
        };
        Option<string?> authority = new("--ca")
        {
            Description =
                "The PEM file of the only certificate authority to trust, which is copied into the profile. Default: the system's authorities.",
            HelpName = "file",
        };
        Option<bool> replace = new("--replace") { Description = "Replaces a profile of this name." };
        Command command = new("add", "Adds a profile. The API key itself stays where it is.")
        {
            name, relay, variable, file, token, authority, replace,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (((string?[])[parsed.GetValue(variable), parsed.GetValue(file), parsed.GetValue(token)]).Count(source => source is not null) > 1)
            {
                throw new CommandException("Set one of --key-variable, --key-file and --token-file.");
            }

            RelayProfile profile = new()
            {
                Name = parsed.GetValue(name)!,
                Relay = parsed.GetValue(relay)!,
                KeyVariable = parsed.GetValue(variable),
                KeyFile = parsed.GetValue(file) is { } path ? Path.GetFullPath(path) : null,
                TokenFile = parsed.GetValue(token) is { } tokenPath ? Path.GetFullPath(tokenPath) : null,
                CertificateAuthority = parsed.GetValue(authority) is { } pem ? ReadAuthority(pem) : null,
            };
            Check(profile);
            ProfileFile profiles = ProfileFile.OfUser(parsed);
            await profiles.ChangeAsync(
                list => list.Find(profile.Name) is null || parsed.GetValue(replace)
                    ? list with { Profiles = [.. list.Profiles.Where(other => other.Name != profile.Name), profile] }
                    : throw new CommandException(DisplayText.Format($"There is a profile '{profile.Name}': replace it by --replace.")),
                cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format(
                $"Profile {profile.Name} is in {profiles.Path}. Use it by --profile {profile.Name}, or always by " +
                    $"'relay profile use {profile.Name}'."));
            return 0;
        });
        return command;
    }

    private static Command CreateList()
    {
        Option<bool> json = new("--json") { Description = "Prints each profile as one line of JSON." };
        Command command = new("list", "Lists the profiles; * is the current one. Their keys are not shown.") { json };
        command.SetAction(async (parsed, _) =>
        {
            ProfileList list = ProfileFile.OfUser(parsed).Read();
            foreach (RelayProfile profile in list.Profiles.OrderBy(profile => profile.Name, StringComparer.Ordinal))
            {
                ProfileLine line = new(
                    profile.Name, profile.Relay, profile.KeyVariable, profile.KeyFile, profile.TokenFile, Digest(profile),
                    profile.Name == list.Current);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    parsed.GetValue(json) ? JsonSerializer.Serialize(line, ProfileJson.Default.ProfileLine) : Describe(line));
            }

            return 0;
        });
        return command;
    }

    private static Command CreateUse()
    {
        Argument<string?> name = new("name") { Description = NameText, Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add(_ => ProfileOption.Names());
        Option<bool> none = new("--none") { Description = "Commands that name no profile use none." };
        Command command = new("use", "Sets the profile of all commands that name none.") { name, none };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string? current = parsed.GetValue(name);
            if (current is null != parsed.GetValue(none))
            {
                throw new CommandException("Name a profile, or set --none.");
            }

            await ProfileFile.OfUser(parsed).ChangeAsync(
                list => current is null || list.Find(current) is not null ? list with { Current = current } : throw Unknown(current),
                cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                current is null ? "No profile is current." : DisplayText.Format($"Profile {current} is current."));
            return 0;
        });
        return command;
    }

    private static Command CreateRemove()
    {
        Argument<string> name = new("name") { Description = NameText };
        name.CompletionSources.Add(_ => ProfileOption.Names());
        Command command = new("remove", "Removes a profile. The file of its key stays.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string removed = parsed.GetValue(name)!;
            await ProfileFile.OfUser(parsed).ChangeAsync(
                list => list.Find(removed) is null ? throw Unknown(removed) : list with
                {
                    Current = list.Current == removed ? null : list.Current,
                    Profiles = [.. list.Profiles.Where(profile => profile.Name != removed)],
                },
                cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"Profile {removed} is removed."));
            return 0;
        });
        return command;
    }

    private static CommandException Unknown(string name) =>
        new(DisplayText.Format($"There is no profile '{name}': list them by 'relay profile list'."));

    private static void Check(RelayProfile profile)
    {
        if (!RelayName.IsValid(profile.Name))
        {
            throw new CommandException(DisplayText.Format($"'{profile.Name}' is no name of a profile: expected {RelayName.Rule}."));
        }

        if (profile.KeyVariable is { } variable && (variable.Length == 0 || !variable.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')))
        {
            throw new CommandException("--key-variable takes the name of an environment variable, and never the key itself.");
        }

        if (profile.KeyFile is { } file)
        {
            KeyFile.Read(file);
        }
    }

    /// <summary>The certificates of the file and nothing else of it, such as a key.</summary>
    private static string ReadAuthority(string path)
    {
        X509Certificate2Collection roots = RelayConnector.ReadAuthorities(Encoding.UTF8.GetString(
            BoundedFile.Read(path, MaximumAuthorityBytes, "the PEM file of a certificate authority")));
        return roots.Count > 0 ? roots.ExportCertificatePems() : throw new CommandException(DisplayText.Format($"{path} has no certificate in PEM."));
    }

    private static string? Digest(RelayProfile profile) =>
        profile.CertificateAuthority is { } pem && RelayConnector.ReadAuthorities(pem) is [var first, ..]
            ? Convert.ToHexStringLower(first.GetCertHash(HashAlgorithmName.SHA256))
            : null;

    private static string Describe(ProfileLine line) =>
        DisplayText.Format($"{(line.Current ? "*" : " ")} {line.Name}: {line.Relay}")
        + (line.KeyVariable is { } variable ? DisplayText.Format($", key of the variable {variable}") : "")
        + (line.KeyFile is { } file ? DisplayText.Format($", key of the file {file}") : "")
        + (line.TokenFile is { } token ? DisplayText.Format($", token of the file {token}") : "")
        + (line.CertificateAuthoritySha256 is { } digest ? DisplayText.Format($", authority SHA-256 {digest}") : "");
}
