using System.Data.Common;
using System.Globalization;
using Relay.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Training.Records;

/// <summary>Keeps what a run does: its progress for those who follow it now, its log and its curve for later. A log that cannot be written ends no
/// run.</summary>
internal sealed partial class RunRecord : IProgress<TrainingProgress>
{
    private const double Mebibyte = 1 << 20;

    /// <summary>How often a curve that changes is written.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ClaimedRun _run;
    private readonly RunFiles _files;
    private readonly TrainingRunFeed _feed;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<RunRecord> _logger;
    private readonly RunLog _log;
    private readonly RunCurve _curve;
    private readonly Lock _gate = new();
    private readonly long _begun;
    private TrainingProgress? _at;
    private long _stageBegun;
    private long _curveWritten;
    private long _logShared;
    private bool _isCurveNew;
    private bool _hasFailed;

    public RunRecord(ClaimedRun run, RunFiles files, TrainingRunFeed feed, TimeProvider timeProvider, ILogger<RunRecord> logger)
    {
        (_run, _files, _feed, _timeProvider, _logger) = (run, files, feed, timeProvider, logger);
        _log = new RunLog(files.LogOf(run.Id, run.CreatedAt), timeProvider);
        _curve = new RunCurve(files.ReadCurve(run.Id, run.CreatedAt));
        _begun = timeProvider.GetTimestamp();
    }

    /// <summary>The number of the run.</summary>
    public long Run => _run.Id;

    /// <summary>Adds the line about who has the run.</summary>
    public void Begin()
    {
        string taken = _log.IsEmpty ? "Taken" : "Taken up again, since the process that had it ended,";
        WriteEnd(string.Create(
            CultureInfo.InvariantCulture, $"{taken} by process {Environment.ProcessId} on {Environment.MachineName}: attempt {_run.Attempt}."));
    }

    /// <summary>Called on the run's threads, often.</summary>
    public void Report(TrainingProgress value)
    {
        lock (_gate)
        {
            if (_at?.Stage != value.Stage)
            {
                EndStage();
                _stageBegun = _timeProvider.GetTimestamp();
                Add($"Stage {value.Stage} begins.");
            }

            _at = _at is { } before && before.Stage == value.Stage && before.Done > value.Done ? before : value;
            _isCurveNew |= _curve.Add(value, _timeProvider.GetElapsedTime(_stageBegun));
            if (_isCurveNew && (_curveWritten == 0 || _timeProvider.GetElapsedTime(_curveWritten) >= Interval))
            {
                WriteCurve();
            }
        }

        _feed.Report(Run, value);
    }

    /// <summary>Adds a line to the log.</summary>
    /// <param name="isImportant">Whether it is there in a log that is full as well.</param>
    public void Write(string text, bool isImportant = false)
    {
        lock (_gate)
        {
            Add(text, isImportant);
        }
    }

    /// <summary>Adds a line about how an attempt begins or ends. It is there before the database says so, for those who follow the log.</summary>
    public void WriteEnd(string text)
    {
        lock (_gate)
        {
            EndStage();
            WriteCurve();
            Add(text, isImportant: true);
            ShareLog();
        }
    }

    /// <summary>The time since this process took the run.</summary>
    public string Elapsed() => Seconds(_begun);

    private void EndStage()
    {
        if (_at is not { } at)
        {
            return;
        }

        _at = null;
        string done = at switch
        {
            { Total: { } total } => string.Create(CultureInfo.InvariantCulture, $": {at.Done:N0} of {total:N0}"),
            { Done: 0 } => "",
            _ => string.Create(CultureInfo.InvariantCulture, $": {at.Done:N0}"),
        };
        Add(string.Create(
            CultureInfo.InvariantCulture,
            $"Stage {at.Stage} took {Seconds(_stageBegun)}{done}; the process has {Environment.WorkingSet / Mebibyte:N0} MiB."));
    }

    private void WriteCurve()
    {
        if (_isCurveNew)
        {
            _isCurveNew = false;
            _curveWritten = _timeProvider.GetTimestamp();
            Try(() => _files.WriteCurve(Run, _run.CreatedAt, _curve.Read()));
        }
    }

    private void Add(string text, bool isImportant = false)
    {
        Try(() => _log.Write(text, isImportant));
        if (_timeProvider.GetElapsedTime(_logShared) >= Interval)
        {
            ShareLog();
        }
    }

    private void ShareLog()
    {
        _logShared = _timeProvider.GetTimestamp();
        Try(() => _files.ShareLog(Run, _run.CreatedAt));
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException)
        {
            if (!_hasFailed)
            {
                _hasFailed = true;
                LogUnwritten(e, Run);
            }
        }
    }

    private string Seconds(long since) =>
        string.Create(CultureInfo.InvariantCulture, $"{_timeProvider.GetElapsedTime(since).TotalSeconds:0.0} s");

    [LoggerMessage(1214, LogLevel.Warning, "The log or the curve of training run {Run} cannot be written; the run goes on without them")]
    private partial void LogUnwritten(Exception exception, long run);
}
