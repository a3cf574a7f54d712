using Relay.Server.Storage;

namespace Relay.Server.Monitoring.Figures;

/// <summary>The disk of the data folder, and what lies on it.</summary>
internal sealed class StorageFigures(DataFolder folder, RelayDatabase database, IntactFiles files) : IFigureSource
{
    private static readonly Gauge Free = new("relay.disk.free", "By", "Free bytes of the disk of the data folder");
    private static readonly Gauge Size = new("relay.disk.size", "By", "Bytes of the disk of the data folder");
    private static readonly Gauge Database = new("relay.database.size", "By", "Bytes of the database, without those of datasets");
    private static readonly Gauge Damaged = new("relay.files.damaged", "{file}", "Files for nodes that were found damaged and are not mended");

    public string Part => "storage";

    public IReadOnlyList<Gauge> Gauges { get; } = [Free, Size, Database, Damaged];

    public IEnumerable<Figure> Read()
    {
        DriveInfo disk = new(folder.Root);
        return
        [
            Free.Measure(disk.AvailableFreeSpace),
            Size.Measure(disk.TotalSize),
            Database.Measure(database.Bytes),
            Damaged.Measure(files.Damaged.Count),
        ];
    }
}
