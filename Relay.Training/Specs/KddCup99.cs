using Shared.Contracts.Models;

namespace Relay.Training.Specs;

/// <summary>The KDD Cup 1999 intrusion data (UCI 130): connections described by 41 features and the attack they belong to.</summary>
public static class KddCup99
{
    public const string TrainFile = "kddcup.data_10_percent.gz";
    public const string TestFile = "corrected.gz";

    // Constant in the training split: nothing can be learned from them.
    private static readonly string[] Constant = ["num_outbound_cmds", "is_host_login"];

    private static readonly string[] Categories = ["protocol_type", "service", "flag"];

    private static readonly string[] Features =
    [
        "duration", "protocol_type", "service", "flag", "src_bytes", "dst_bytes", "land", "wrong_fragment", "urgent",
        "hot", "num_failed_logins", "logged_in", "num_compromised", "root_shell", "su_attempted", "num_root",
        "num_file_creations", "num_shells", "num_access_files", "num_outbound_cmds", "is_host_login", "is_guest_login",
        "count", "srv_count", "serror_rate", "srv_serror_rate", "rerror_rate", "srv_rerror_rate", "same_srv_rate",
        "diff_srv_rate", "srv_diff_host_rate", "dst_host_count", "dst_host_srv_count", "dst_host_same_srv_rate",
        "dst_host_diff_srv_rate", "dst_host_same_src_port_rate", "dst_host_srv_diff_host_rate", "dst_host_serror_rate",
        "dst_host_srv_serror_rate", "dst_host_rerror_rate", "dst_host_srv_rerror_rate",
    ];

    /// <summary>The spec for the official split and the five classes that the contest scored.</summary>
    public static ModelSpec Spec { get; } = new()
    {
        Name = "intrusion-detector",
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.GradientBoosting,
        Columns = [.. Features.Select(f => new ColumnSpec(f, TypeOf(f))), new ColumnSpec("attack", ColumnType.Label)],
        Label = new LabelSpec { Benign = "normal", Groups = Groups() },
        Csv = new CsvSpec { Header = false },
        Parameters = new ModelParameters { Trees = 100, Depth = 6, LearningRate = 0.3 },
    };

    private static ColumnType TypeOf(string feature) =>
        Constant.Contains(feature) ? ColumnType.Ignore
        : Categories.Contains(feature) ? ColumnType.Category
        : ColumnType.Number;

    // The contest's own table. It puts the test split's classes at 60,593 normal, 229,853 dos, 4,166 probe, 16,189 r2l and 228 u2r.
    private static Dictionary<string, IReadOnlyList<string>> Groups() => new()
    {
        ["normal"] = Raw("normal"),
        ["dos"] = Raw("apache2 back land mailbomb neptune pod processtable smurf teardrop udpstorm"),
        ["probe"] = Raw("ipsweep mscan nmap portsweep saint satan"),
        ["r2l"] = Raw(
            "ftp_write guess_passwd imap multihop named phf sendmail snmpgetattack snmpguess spy warezclient warezmaster worm xlock xsnoop"),
        ["u2r"] = Raw("buffer_overflow httptunnel loadmodule perl ps rootkit sqlattack xterm"),
    };

    // The files write a full stop after each label.
    private static string[] Raw(string names) => [.. names.Split(' ').Select(n => n + ".")];
}
