using System.CommandLine;
using System.CommandLine.Help;
using Relay.Server.Cli.Audit;
using Relay.Server.Cli.Configuration;
using Relay.Server.Cli.Datasets;
using Relay.Server.Cli.Downloads;
using Relay.Server.Cli.Federate;
using Relay.Server.Cli.Identity;
using Relay.Server.Cli.Keys;
using Relay.Server.Cli.Oci;
using Relay.Server.Cli.Profiles;
using Relay.Server.Cli.Recipes;
using Relay.Server.Cli.Runs;
using Relay.Server.Cli.Status;
using Relay.Server.Cli.Versions;

namespace Relay.Server.Cli;

/// <summary>The root of the command line: <c>relay</c>. It is no <see cref="RootCommand"/>, whose help names the program file.</summary>
internal static class RelayCommand
{
    /// <summary>The command line without settings of a file or the environment.</summary>
    public static Command Create() => Create(RelaySettings.None);

    /// <param name="settings">Those that a file and the environment give.</param>
    public static Command Create(RelaySettings settings) => NumberErrors.AddTo(
        new Command("relay", "Trains models, signs them and distributes them to nodes.")
        {
            ServeCommand.Create(),
            ConfigCommand.Create(settings),
            SpecCommand.Create(),
            TrainCommand.Create(),
            RunsCommand.Create(),
            RecipeCommand.Create(),
            FederateCommand.Create(),
            ImportCommand.Create(),
            ReproduceCommand.Create(),
            CardCommand.Create(),
            DownloadCommand.Create(),
            AliasCommand.Create(),
            ModelCommand.Create(),
            VersionCommand.Create(),
            TagCommand.Create(),
            NoteCommand.Create(),
            CompareCommand.Create(),
            DatasetCommand.Create(),
            TriggerCommand.Create(),
            PublishCommand.Create(),
            ChannelCommand.Create(),
            RolloutCommand.Create(),
            RevokeCommand.Create(),
            StatusCommand.Create(),
            HealthCommand.Create(),
            NodesCommand.Create(),
            EnrollTokenCommand.Create(),
            FleetCommand.Create(),
            HistoryCommand.Create(),
            VerifyHistoryCommand.Create(),
            AuditCommand.Create(),
            WebhookCommand.Create(),
            MirrorCommand.Create(),
            BundleCommand.Create(),
            OciCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            CollectGarbageCommand.Create(),
            DoctorCommand.Create(),
            FolderCommand.Create(),
            KeysCommand.Create(),
            IssueSignerCommand.Create(),
            ExplainCommand.Create(),
            SignCommand.Create(),
            PendingCommand.Create(),
            ApproveCommand.Create(),
            ApiKeysCommand.Create(),
            IdentityCommand.Create(),
            ApproverKeyCommand.Create(),
            ProfileCommand.Create(),
            CompletionCommand.CreateScript(),
            CompletionCommand.CreateComplete(Create),
            ProfileOption.Create(),
            CommandExamples.AddTo(new HelpOption()),
            new VersionOption(),
        });
}
